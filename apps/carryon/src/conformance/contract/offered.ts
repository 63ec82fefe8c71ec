import { Absent } from './expect.js'
import type { Answer } from './subject.js'

/** Statuses with which a backend answers calls that it does not have. */
const none = [404, 405, 501]

/** @throws Absent unless `isThere` */
export function absentUnless(isThere: boolean, why: string): asserts isThere {
  if (!isThere) throw new Absent(why)
}

/** @throws Absent when the backend does not have the call */
export function offered(answer: Answer, call: string): void {
  absentUnless(!none.includes(answer.status), `${call} answers ${answer.status}`)
}
