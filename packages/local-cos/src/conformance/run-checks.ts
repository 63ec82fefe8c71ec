import { randomBytes } from 'node:crypto'
import { CannotRun, Trial, type Check, type Difference } from './check.js'
import { cleanUp, type CleanUp } from './clean-up.js'
import type { ConformanceClient } from './conformance-client.js'

/** Outcome of one check. */
export interface Outcome {
  readonly name: string
  readonly document: string | null
  readonly outcome: 'same' | 'differs' | 'not run'
  readonly differences: readonly Difference[]
  /** Reason the check was not run. */
  readonly reason?: string
}

export interface ConformanceReport {
  readonly outcomes: readonly Outcome[]
  readonly removed: CleanUp
}

/** The bucket cannot be used for checks. The message says what to change. */
export class UnusableBucket extends Error {
  override readonly name = 'UnusableBucket'
}

/** Prefix of every key the checks create. */
export const ownPrefix = 'local-cos-conformance/'

/**
 * Runs checks one after the other, each in its own folder, and removes what they created, even when stopped.
 *
 * @param told called with each outcome as soon as it is known.
 * @throws {@link UnusableBucket}
 */
export async function runChecks(
  client: ConformanceClient,
  bucket: string,
  checks: readonly Check[],
  options: { readonly told: (outcome: Outcome) => void; readonly stopped?: AbortSignal },
): Promise<ConformanceReport> {
  await checkBucket(client, bucket)
  const prefix = `${ownPrefix}${randomBytes(6).toString('hex')}/`
  const outcomes: Outcome[] = []
  let removed: CleanUp
  try {
    for (const [index, check] of checks.entries()) {
      if (options.stopped?.aborted === true) break
      const outcome = await runCheck(check, new Trial(client, bucket, `${prefix}${index + 1}/`))
      outcomes.push(outcome)
      options.told(outcome)
    }
  } finally {
    removed = await cleanUp(client, prefix).catch((error: unknown) => ({
      objects: 0,
      uploads: 0,
      left: [`${prefix}: ${messageOf(error)}`],
    }))
  }
  return { outcomes, removed }
}

async function runCheck({ name, document, run }: Check, trial: Trial): Promise<Outcome> {
  try {
    await run(trial)
  } catch (error) {
    // Differences found before the error still count.
    if (trial.differences.length === 0) {
      const reason = error instanceof CannotRun ? error.message : `failed: ${messageOf(error)}`
      return { name, document, outcome: 'not run', differences: [], reason }
    }
  }
  const { differences } = trial
  return { name, document, outcome: differences.length === 0 ? 'same' : 'differs', differences }
}

async function checkBucket(client: ConformanceClient, bucket: string): Promise<void> {
  const { host } = client.endpoint
  let head
  let versioning
  try {
    head = await client.call({ method: 'HEAD', key: '' })
    versioning = await client.call({ method: 'GET', key: '', query: { versioning: '' } })
  } catch (error) {
    throw new UnusableBucket(
      `${host} cannot be reached: ${messageOf(error)}. Check --endpoint and --region.`,
      {
        cause: error,
      },
    )
  }
  if (head.status === 404) throw new UnusableBucket(`There is no bucket ${bucket} at ${host}.`)
  if (head.status !== 200) {
    throw new UnusableBucket(
      `HEAD of the bucket ${bucket} answered ${head.status}. Check the key, and that it may read and list the bucket.`,
    )
  }
  // With versioning, deleting would only hide the objects, so the checks could not clean up.
  if (versioning.text('Status') !== '') {
    throw new UnusableBucket(`The bucket ${bucket} keeps versions. Use one that never did.`)
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error)
}
