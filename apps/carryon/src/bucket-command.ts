import { checkBrowserAddress } from './browser-address.js'
import type { Config } from './config.js'
import { reachStorage } from './open-storage.js'
import type { RemoteBucket } from './remote-storage.js'
import { type BucketRequirements, checkBucket, setUpBucket } from './setup-bucket.js'
import { StartError } from './start-error.js'

/**
 * `carryon setup-bucket`: sets missing bucket rules, unless it should only check, and prints the remaining problems.
 * @param config its allowed origins are those of the pages that upload
 * @param check only checks and changes no rules
 * @returns whether no problems remain.
 */
export async function bucketCommand(
  config: Config,
  check: boolean,
  print: (line: string) => void,
): Promise<boolean> {
  const requirements = {
    origins: config.allowedOrigins,
    keyPrefix: config.uploadKeyPrefix,
    expireDays: config.uploadExpireDays,
  }
  if (requirements.origins.length === 0) {
    throw new StartError(
      'Say which pages upload: carryon setup-bucket --origin https://app.example.com, or ALLOWED_ORIGINS.',
    )
  }
  const { sts, buckets, ...first } = await reachStorage(config)
  let ready = true
  for (const each of [first, ...Object.values(buckets)]) {
    if (!(await setUpOne(each, sts, requirements, check, print))) ready = false
  }
  return ready
}

/** @returns whether no problems remain in this bucket. */
async function setUpOne(
  { store, near }: Pick<RemoteBucket, 'store' | 'near'>,
  sts: RemoteBucket['sts'],
  requirements: BucketRequirements,
  check: boolean,
  print: (line: string) => void,
): Promise<boolean> {
  const bucket = { store: near, sts }
  print(`bucket ${near.location.baseUrl}`)
  if (!check) {
    const refusals: string[] = []
    const changed = await setUpBucket(bucket, requirements).catch((error: unknown) => {
      refusals.push(error instanceof Error ? error.message : 'the store refused')
      return []
    })
    for (const line of changed) print(`set      ${line}`)
    for (const line of refusals) print(`refused  ${line}`)
  }
  const checked = await checkBucket(bucket, requirements)
  const seen =
    store.location.baseUrl === near.location.baseUrl
      ? { lines: [], problems: [] }
      : await checkBrowserAddress(store, requirements.origins)
  const problems = [...checked.problems, ...seen.problems]
  for (const line of [...checked.storeLines, ...seen.lines]) print(line)
  for (const { problem, remedy } of problems) print(`problem  ${problem}\n         fix: ${remedy}`)
  if (problems.length === 0) print('ready    nothing is missing')
  return problems.length === 0
}
