import type { Chooser } from './random.ts'

/** What a chooser answered, in order: enough to run the same again. */
export type Answers = readonly number[]

/** Writes down what another chooser says. */
export function recording(chooser: Chooser): { readonly chooser: Chooser; readonly answers: number[] } {
  const answers: number[] = []
  const kept = (answer: number) => {
    answers.push(answer)
    return answer
  }
  return {
    answers,
    chooser: {
      pick: (options) => kept(chooser.pick(options)),
      oneIn: (times) => kept(Number(chooser.oneIn(times))) === 1,
    },
  }
}

/** Answers as written down, then the plainest. An answer that has become too large is cut to what is asked. */
export function replaying(answers: Answers): Chooser {
  let at = 0
  const next = () => {
    at += 1
    return answers[at - 1] ?? 0
  }
  return { pick: (options) => next() % options, oneIn: () => next() === 1 }
}

/**
 * Fewer and plainer answers that still fail: cut off from the end, then stretches left out, then single answers made 0 or smaller, until
 * nothing more can go. 0 is always the plainest answer, so that what is left is what matters.
 */
export async function shrunk(answers: Answers, fails: (answers: Answers) => Promise<boolean>): Promise<Answers> {
  let best = answers
  const improve = async (candidate: Answers) => {
    if (!(await fails(candidate))) return false
    best = candidate
    return true
  }
  for (let before = Number.POSITIVE_INFINITY; weight(best) < before; ) {
    before = weight(best)
    for (let length = best.length; length >= 1; length = Math.floor(length / 2)) {
      for (let at = Math.max(0, best.length - length); at >= 0; at -= length) {
        await improve([...best.slice(0, at), ...best.slice(at + length)])
      }
    }
    for (let at = 0; at < best.length; at += 1) {
      const answer = best[at] ?? 0
      for (const smaller of [0, Math.floor(answer / 2), answer - 1]) {
        if (smaller >= 0 && smaller < answer && (await improve(best.with(at, smaller)))) break
      }
    }
  }
  return best
}

function weight(answers: Answers): number {
  return answers.length + answers.reduce((sum, answer) => sum + Math.min(answer, 9) / 10, 0)
}
