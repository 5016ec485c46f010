/** Longer than any token of Cognito's; a header line of most servers ends sooner. */
const LONGEST = 16_384
const THREE_PARTS = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/

/**
 * Whether the text is one token in its one spelling. Node's decoder skips foreign characters and takes several last characters for the
 * same bytes, so that one token would have many spellings, and a deny list or a cache that goes by the text could be passed by.
 */
export function isOneSpelling(token: string): boolean {
  if (token.length > LONGEST) return false
  const parts = THREE_PARTS.exec(token)?.slice(1) ?? []
  return parts.length === 3 && parts.every(isCanonical)
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Six bits a character: what is left over of the last one must be zero (RFC 4648 §3.5). */
function isCanonical(part: string): boolean {
  const last = ALPHABET.indexOf(part.at(-1) ?? '')
  switch (part.length % 4) {
    case 2:
      return last % 16 === 0
    case 3:
      return last % 4 === 0
    default:
      return part.length % 4 === 0
  }
}
