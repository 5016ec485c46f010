/**
 * Every function has it: a table, operator or function in another schema is never used in place of PostgreSQL's own, whatever search path
 * the caller has (PostgreSQL documentation, "CREATE FUNCTION": writing security definer functions safely).
 */
export const PINNED = 'set search_path = pg_catalog, pg_temp'
