/** Loaded with the first key, after the server listens: loading it takes a fifth of the start. */
export const jose = () => import('jose')
