import { createHmac, timingSafeEqual } from 'node:crypto'
import { OnesubError } from '../core/errors.ts'

const SHORTEST_SECRET = 32

/** What every sealed text has. `until`: epoch milliseconds. */
interface Lasting {
  readonly until: number
}

export interface Seal {
  seal(content: Lasting): string
  /** Throws `LINK_PROOF_INVALID` for a text that is not ours, was sealed for another purpose, or is too old. */
  open(sealed: string, now: number): Lasting
}

/** Texts that only we can have written, handed to a page and given back. They can be read by anybody. */
export function sealedWith(secret: unknown, purpose: string): Seal {
  if (typeof secret !== 'string' || secret.length < SHORTEST_SECRET) {
    throw new OnesubError('CONFIG_INVALID', {
      detail: `"secret" must be a string of ${SHORTEST_SECRET} characters or more.`,
    })
  }
  const mac = (body: string) => createHmac('sha256', secret).update(`${purpose}\n${body}`).digest()
  return {
    seal(content) {
      const body = Buffer.from(JSON.stringify(content)).toString('base64url')
      return `${body}.${mac(body).toString('base64url')}`
    },
    open(sealed, now) {
      const [body = '', given = ''] = typeof sealed === 'string' ? sealed.split('.') : []
      const tag = Buffer.from(given, 'base64url')
      const expected = mac(body)
      if (tag.length !== expected.length || !timingSafeEqual(tag, expected)) throw invalid('seal')
      // Its seal says that we wrote it, so that its form is ours too.
      const content = JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as Lasting
      if (content.until <= now) throw invalid('expired')
      return content
    },
  }
}

function invalid(detail: string): OnesubError {
  return new OnesubError('LINK_PROOF_INVALID', { detail })
}
