/** Loaded when the first key is made, after the server listens: it would be a fifth of the time to be ready. */
export const jose = () => import('jose')
