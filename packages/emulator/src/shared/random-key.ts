import { randomBytes } from 'node:crypto'

export const randomKey = () => randomBytes(24).toString('base64url')
