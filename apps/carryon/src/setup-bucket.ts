import type { ObjectStore } from '@carryon/object-store'
import type { Bucket, BucketProblem } from './bucket.js'
import { remedyFor } from './remedies.js'
import type { RequiredPermission } from './remedies.js'
import { corsProblems, withCorsRule } from './required-cors.js'
import { reportStore } from './store-report.js'

export interface BucketRequirements {
  /** Origins of the pages that upload. */
  readonly origins: readonly string[]
  readonly keyPrefix: string
  readonly expireDays: number
}

/** Seconds. COS and S3 accept signatures with a clock skew of up to 900 s; much less already indicates a problem. */
const skewAllowed = 60

/**
 * Days after which the store's lifecycle rule removes the parts of unfinished uploads. Much longer than `expireDays`: the
 * store counts from the start of an upload, the server from its last request, and an upload that is still being sent must
 * not lose its parts.
 */
export function lifecycleDays(expireDays: number): number {
  return Math.max(30, expireDays * 4)
}

/** Result of {@link checkBucket}. */
export interface BucketReport {
  readonly problems: readonly BucketProblem[]
  /** Lines of the store report; empty when the store could not be reached. */
  readonly storeLines: readonly string[]
}

/** Checks the bucket without changing its settings; writes one small object and removes it. */
export async function checkBucket(bucket: Bucket, requirements: BucketRequirements): Promise<BucketReport> {
  const { store } = bucket
  const { permissions: needed } = store.dialect
  const reach = await failureOf('the bucket could not be reached', () => reachBucket(store), {
    name: needed.reachBucket,
    secretIsVerified: false,
  })
  if (reach.length > 0) return { problems: reach, storeLines: [] }
  const storeLines: string[] = []
  const problems = [
    ...(await clockProblems(store)),
    ...(await problemsOf(
      "the bucket's CORS rules could not be read",
      async () => {
        const rules = await store.getCors()
        return requirements.origins.flatMap((origin) =>
          corsProblems(rules, store.dialect, origin).map((problem) => ({ problem, remedy: run })),
        )
      },
      allowed(needed.readCors),
    )),
    ...(await problemsOf(
      "the bucket's lifecycle rules could not be read",
      () => lifecycleProblems(store, requirements),
      allowed(needed.readLifecycle),
    )),
    ...(await problemsOf(
      'whether the bucket keeps versions could not be read',
      async () =>
        (await store.isVersioned())
          ? [
              {
                problem: 'versioning is on: a taken key is not refused but gets another version',
                remedy: 'use a bucket without versioning for uploads',
              },
            ]
          : [],
      allowed(needed.readVersioning),
    )),
    ...(await uploadProblems(bucket, requirements.keyPrefix)),
    ...(await problemsOf('what the store can do could not be tried', async () => {
      const tried = await reportStore(bucket, requirements.keyPrefix)
      storeLines.push(...tried.lines)
      return [...tried.problems]
    })),
  ]
  return { problems, storeLines }
}

const run = 'run `carryon setup-bucket`'

/** Sets the rules that are missing. @returns what was changed, one line each */
export async function setUpBucket({ store }: Bucket, requirements: BucketRequirements): Promise<string[]> {
  const changed: string[] = []
  const { dialect } = store
  const rules = await store.getCors()
  if (requirements.origins.some((origin) => corsProblems(rules, dialect, origin).length > 0)) {
    await store.putCors(withCorsRule(rules, dialect, requirements.origins))
    changed.push(`CORS: ${requirements.origins.join(', ')} may upload`)
  }
  if ((await store.getAbortIncompleteDays(requirements.keyPrefix)) === null) {
    const days = lifecycleDays(requirements.expireDays)
    await store.putAbortIncompleteDays(requirements.keyPrefix, days)
    changed.push(
      `lifecycle: parts of unfinished uploads under "${requirements.keyPrefix}" are removed after ${days} days`,
    )
  }
  return changed
}

/** The response to HEAD has no body, so after a refusal a second request gets the reason. */
async function reachBucket(store: ObjectStore): Promise<void> {
  try {
    await store.headBucket()
  } catch (error) {
    await store.getCors()
    throw error
  }
}

async function lifecycleProblems(
  store: ObjectStore,
  requirements: BucketRequirements,
): Promise<BucketProblem[]> {
  const days = await store.getAbortIncompleteDays(requirements.keyPrefix)
  if (days === null) {
    return [
      {
        problem: `lifecycle: no rule removes parts of unfinished uploads under "${requirements.keyPrefix}"`,
        remedy: run,
      },
    ]
  }
  if (days > requirements.expireDays) return []
  return [
    {
      problem: `lifecycle: parts of unfinished uploads are removed after ${days} days, uploads are kept for ${requirements.expireDays} from their last request`,
      remedy: `change that rule to ${lifecycleDays(requirements.expireDays)} days, or lower UPLOAD_EXPIRE_DAYS`,
    },
  ]
}

async function clockProblems(store: ObjectStore): Promise<BucketProblem[]> {
  const { url } = await store.presign({ method: 'HEAD', key: '', expiresIn: 300 })
  const answered = (await fetch(url, { method: 'HEAD' })).headers.get('date')
  const skew = answered === null ? 0 : Math.round((Date.now() - Date.parse(answered)) / 1_000)
  if (Math.abs(skew) <= skewAllowed) return []
  const problem = `this machine's clock is ${Math.abs(skew)} s ${skew > 0 ? 'ahead of' : 'behind'} the store's`
  return [{ problem, remedy: 'keep it by NTP' }]
}

/** Tries once what the server does for every upload, and requests once the credentials that a browser gets. */
async function uploadProblems({ store, sts }: Bucket, keyPrefix: string): Promise<BucketProblem[]> {
  const key = `${keyPrefix}carryon-check`
  const { permissions: needed } = store.dialect
  const started: { uploadId?: string } = {}
  const problems = await failureOf(
    'a multipart upload could not be started',
    async () => {
      started.uploadId = (await store.createMultipartUpload(key)).uploadId
    },
    allowed(needed.startUpload),
  )
  const { uploadId } = started
  if (uploadId !== undefined) {
    problems.push(
      ...(await failureOf(
        'parts could not be listed',
        () => store.listParts(key, uploadId),
        allowed(needed.listParts),
      )),
      ...(await failureOf(
        'unfinished uploads could not be listed',
        async () => {
          for await (const open of store.listMultipartUploads(key)) if (open.uploadId === uploadId) return
        },
        allowed(needed.listUploads),
      )),
      ...(await failureOf(
        'an upload could not be ended',
        () => store.abortMultipartUpload(key, uploadId),
        allowed(needed.endUpload),
      )),
    )
  }
  if (sts !== null) {
    const { location } = store
    const request = { location, scope: { kind: 'parts', key, largestPart: 1 }, lifetime: 1_800 } as const
    problems.push(...(await failureOf('no credentials for a browser were issued', () => sts.issue(request))))
  }
  return problems
}

/** The problems that `look` finds, or why it failed. @param permission the permission that `look` needs, if any */
async function problemsOf(
  what: string,
  look: () => Promise<BucketProblem[]>,
  permission?: RequiredPermission,
): Promise<BucketProblem[]> {
  try {
    return await look()
  } catch (error) {
    return [{ problem: `${what}: ${messageOf(error)}`, remedy: remedyFor(error, permission) }]
  }
}

/** Why `action` failed; empty if it succeeded. */
function failureOf(
  what: string,
  action: () => Promise<unknown>,
  permission?: RequiredPermission,
): Promise<BucketProblem[]> {
  return problemsOf(
    what,
    async () => {
      await action()
      return []
    },
    permission,
  )
}

/** A permission of a key with which the bucket was reached before. */
const allowed = (name: string): RequiredPermission => ({ name, secretIsVerified: true })

const messageOf = (error: unknown) => (error instanceof Error ? error.message : 'unknown')
