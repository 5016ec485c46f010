/**
 * What programs write where a value is missing. Everybody who lacks an address would share the identifier and become one
 * human, so these words give no identifier: as a whole value, or before the @ of any domain.
 *
 * The list is short on purpose. Only words for "there is none" are in it; `noreply`, `info`, `test` or `admin` are
 * mailboxes of somebody, and `nan`, `nil` and `na` are names. A project adds its own with `options.placeholders`.
 */
export const PLACEHOLDERS: ReadonlySet<string> = new Set(['null', 'undefined', 'none', 'unknown', 'n/a'])
