/**
 * The members of all objects in a JSON text, in one pass from quote to quote. A parser keeps one of two that have the same name, however
 * it is spelt (`sub`, `\u0073ub`): a text that has more members than its value names one twice. The text must be well-formed.
 */
export function membersOfText(text: string): number {
  let members = 0
  for (let open = text.indexOf('"'); open !== -1; ) {
    const close = endOfString(text, open)
    if (isBeforeColon(text, close)) members += 1
    open = text.indexOf('"', close + 1)
  }
  return members
}

/** Where the quote is that ends the string: one behind an even number of backslashes. */
function endOfString(text: string, open: number): number {
  for (let close = text.indexOf('"', open + 1); close !== -1; close = text.indexOf('"', close + 1)) {
    let backslashes = 0
    while (text[close - 1 - backslashes] === '\\') backslashes += 1
    if (backslashes % 2 === 0) return close
  }
  return text.length
}

/** A string stands before a colon where it is the name of a member, and nowhere else (RFC 8259 §4). */
function isBeforeColon(text: string, close: number): boolean {
  let at = close + 1
  while (isSpace(text[at])) at += 1
  return text[at] === ':'
}

function isSpace(character: string | undefined): boolean {
  return character === ' ' || character === '\t' || character === '\n' || character === '\r'
}

export type Members = Readonly<Record<string, unknown>>

export function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * The members of all objects in a parsed value. Not counted, so that a text with them has too many: the names by which copying a value
 * changes objects elsewhere (CWE-1321).
 */
export function membersOfValue(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((members, part) => members + membersOfValue(part), 0)
  if (!isObject(value)) return 0
  let members = 0
  for (const name of Object.keys(value)) {
    if (name !== '__proto__' && name !== 'constructor') members += 1 + membersOfValue(value[name])
  }
  return members
}

/** The value itself, with everything in it. */
export function frozen<Value extends object>(value: Value): Readonly<Value> {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) frozen(part)
  return Object.freeze(value)
}
