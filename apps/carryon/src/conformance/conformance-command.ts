import { connectionFailure } from '../connection-failure.js'
import { parseHeader } from '../upload-command.js'
import { StartError } from '../start-error.js'
import { runContract, type CheckOutcome } from './contract/run-contract.js'
import { httpSubject } from './http-subject.js'

export interface ConformanceOptions {
  /** Request headers as lines such as `Authorization: Bearer …`. */
  readonly header: readonly string[]
  /** Headers of a second owner. */
  readonly otherHeader: readonly string[]
  /** Value of the `Cookie` header. */
  readonly cookie?: string
  readonly otherCookie?: string
  /** Origin of a page that may upload. Default: the backend's own. */
  readonly origin?: string
}

const marks = { holds: 'ok     ', fails: 'FAIL   ', absent: '-      ', skipped: 'skipped' } as const

/**
 * `carryon conformance`: checks a backend against docs/api.md, prints one line per check, and removes its test uploads.
 *
 * @returns whether all required checks pass, and those of all optional features that the backend offers
 * @throws StartError when no backend responds
 */
export async function conformanceCommand(
  address: string,
  options: ConformanceOptions,
  print: (line: string) => void,
): Promise<boolean> {
  if (!URL.canParse(address) || !/^https?:/.test(address))
    throw new StartError(`"${address}" is no address: give the API's, such as http://localhost:8080/api.`)
  const api = address.replace(/\/+$/, '')
  const others = headersOf(options.otherHeader, options.otherCookie)
  const subject = httpSubject({
    api,
    headers: headersOf(options.header, options.cookie),
    otherHeaders: Object.keys(others).length === 0 ? undefined : others,
    origin: options.origin ?? new URL(api).origin,
  })
  await expectApi(subject, api)
  print('required')
  let isOptional = false
  const say = (outcome: CheckOutcome): void => {
    if (outcome.check.optional !== undefined && !isOptional) {
      isOptional = true
      print('')
      print('optional')
    }
    for (const line of linesOf(outcome)) print(line)
  }
  const { outcomes, left } = await runContract(subject, say).catch((error: unknown) => {
    throw new StartError(
      `The backend or the store gave no answer: ${connectionFailure(error, new URL(api)).message}.`,
      error,
    )
  })
  const count = (result: CheckOutcome['result']): number =>
    outcomes.filter((one) => one.result === result).length
  print('')
  for (const key of left) print(`left     the object "${key}": this backend has no call that removes it`)
  print(
    `${count('holds')} hold, ${count('fails')} fail, ${count('absent')} not offered, ${count('skipped')} not reached`,
  )
  return count('fails') === 0 && count('skipped') === 0
}

function linesOf({ check, result, why }: CheckOutcome): readonly string[] {
  const line = `${marks[result]}  ${check.about}: ${check.holds}`
  if (result === 'holds') return [line]
  const gain = result === 'absent' && check.optional !== undefined ? [`         ${check.optional}`] : []
  return [line, `         ${why}`, ...gain]
}

function headersOf(lines: readonly string[], cookie: string | undefined): Readonly<Record<string, string>> {
  return { ...Object.fromEntries(lines.map(parseHeader)), ...(cookie !== undefined && { cookie }) }
}

/** Checks first that a backend responds, so that a wrong address gives one error instead of many failed checks. */
async function expectApi(subject: ReturnType<typeof httpSubject>, api: string): Promise<void> {
  const answer = await subject.call('GET', `/uploads/${'0'.repeat(32)}`).catch((error: unknown) => {
    throw new StartError(`No backend answers: ${connectionFailure(error, new URL(api)).message}.`, error)
  })
  if (answer.status === 401 || answer.status === 403) {
    throw new StartError(
      `The backend wants its callers to sign in (${answer.status}). Give what it asks for, such as --header "Authorization: Bearer …".`,
    )
  }
  if (answer.type.endsWith('json')) return
  throw new StartError(
    `No backend answers at ${api}: GET /uploads/:id of no upload came as ${answer.status} "${answer.type}", and not as a problem document.`,
  )
}
