/**
 * Of every function: no table, operator or function that somebody has put into another schema is taken for PostgreSQL's own, whatever
 * search path the caller has (PostgreSQL documentation, "CREATE FUNCTION": writing security definer functions safely).
 */
export const PINNED = 'set search_path = pg_catalog, pg_temp'
