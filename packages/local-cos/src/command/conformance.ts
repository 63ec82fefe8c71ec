import { allChecks } from '../conformance/all-checks.js'
import { ConformanceClient, type Credentials } from '../conformance/conformance-client.js'
import { endpointOf, EndpointError } from '../conformance/endpoint.js'
import { runChecks, UnusableBucket, type ConformanceReport, type Outcome } from '../conformance/run-checks.js'
import { UsageError, type ConformanceArguments } from './arguments.js'

type Environment = Readonly<Record<string, string | undefined>>

/** Exit codes of `local-cos conformance`. */
export const conformanceCodes = { same: 0, differs: 1, notRun: 3 } as const

/**
 * Checks whether an endpoint answers as documented, and prints the differences.
 *
 * @param stopped abort to end after the current check and clean up.
 * @returns the exit code.
 * @throws {@link UsageError}
 */
export async function conformance(
  { bucket, region, endpoint, only, json }: ConformanceArguments,
  around: {
    readonly environment: Environment
    readonly print: (line: string) => void
    readonly printError: (line: string) => void
    readonly stopped?: AbortSignal
  },
): Promise<number> {
  const checks = allChecks.filter(({ name }) => name.toLowerCase().includes(only?.toLowerCase() ?? ''))
  if (checks.length === 0) throw new UsageError(`No check has ${JSON.stringify(only)} in its name.`)
  const client = new ConformanceClient(
    understood(() => endpointOf(bucket, region, endpoint)),
    credentialsOf(around.environment),
  )
  const print = json ? (): void => undefined : around.print
  try {
    print(`${checks.length} checks of ${client.endpoint.host}`)
    const report = await runChecks(client, bucket, checks, {
      told: (outcome) => print(lineOf(outcome)),
      ...(around.stopped === undefined ? {} : { stopped: around.stopped }),
    })
    if (json) around.print(JSON.stringify(report, null, 2))
    else around.print(summaryOf(report, checks.length, client))
    return codeOf(report, checks.length)
  } catch (error) {
    if (!(error instanceof UnusableBucket)) throw error
    around.printError(`local-cos conformance: ${error.message}`)
    return conformanceCodes.notRun
  } finally {
    client.close()
  }
}

function understood<Result>(read: () => Result): Result {
  try {
    return read()
  } catch (error) {
    if (error instanceof EndpointError) throw new UsageError(error.message, { cause: error })
    throw error
  }
}

function credentialsOf(environment: Environment): Credentials {
  const secretId = environment['COS_SECRET_ID'] ?? ''
  const secretKey = environment['COS_SECRET_KEY'] ?? ''
  const token = environment['COS_SESSION_TOKEN'] ?? ''
  if (secretId === '' || secretKey === '') {
    throw new UsageError('conformance needs COS_SECRET_ID and COS_SECRET_KEY in the environment.')
  }
  return { secretId, secretKey, ...(token === '' ? {} : { token }) }
}

function lineOf({ outcome, name, document, differences, reason }: Outcome): string {
  const source = document === null ? 'no document says; local-cos does so' : document
  return [
    `${outcome.padEnd(8)} ${name} (${source})`,
    ...differences.flatMap(({ what, expected, seen }) => [
      `           ${what}`,
      `             ${document === null ? 'local-cos' : 'document '} ${oneLine(expected)}`,
      `             seen      ${oneLine(seen)}`,
    ]),
    ...(reason === undefined ? [] : [`           ${oneLine(reason)}`]),
  ].join('\n')
}

/** Escapes control characters in answers of the endpoint, so that they cannot affect the terminal. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1))
}

function summaryOf(
  { outcomes, removed }: ConformanceReport,
  all: number,
  { requests, sent }: ConformanceClient,
): string {
  const count = (wanted: Outcome['outcome']): number =>
    outcomes.filter(({ outcome }) => outcome === wanted).length
  const stopped = outcomes.length < all ? `, stopped before ${all - outcomes.length}` : ''
  return [
    '',
    `${count('same')} same, ${count('differs')} differ, ${count('not run')} not run${stopped}; ${requests} requests, ${sent} bytes sent`,
    `removed ${removed.objects} objects and ${removed.uploads} unfinished uploads`,
    ...removed.left.map((line) => `NOT removed: ${oneLine(line)}`),
  ].join('\n')
}

function codeOf({ outcomes, removed }: ConformanceReport, all: number): number {
  if (outcomes.some(({ outcome }) => outcome === 'differs')) return conformanceCodes.differs
  const complete = outcomes.length === all && outcomes.every(({ outcome }) => outcome === 'same')
  return complete && removed.left.length === 0 ? conformanceCodes.same : conformanceCodes.notRun
}
