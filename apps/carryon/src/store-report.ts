import { probeForms, probeStore } from '@carryon/object-store'
import type { ProbedStore, StoreCapabilities } from '@carryon/object-store'
import type { Bucket, BucketProblem } from './bucket.js'

/** Capabilities of a bucket's store, found by probing, in readable form. */
export interface StoreReport {
  /** One capability per line. */
  readonly lines: readonly string[]
  readonly problems: readonly BucketProblem[]
}

/** @throws StoreError when the store refuses a request that every upload needs. */
export async function reportStore({ store, sts }: Bucket, keyPrefix: string): Promise<StoreReport> {
  const probed = await probeStore(store, keyPrefix)
  const forms = await probeForms(store, keyPrefix)
  const equal = store.capabilities.equalParts ? ', all of one size but the last' : ''
  const checks: readonly (readonly [boolean, string])[] = [
    [probed.capabilities.etagIsMd5, 'the ETag of a part is its MD5'],
    [probed.capabilities.forbidOverwrite, 'a PUT that must not overwrite is refused'],
    [probed.capabilities.forbidOverwriteOnComplete, 'a complete that must not overwrite is refused'],
    [probed.capabilities.emptyHeaders, 'no client can add headers to a signed PUT'],
    [probed.capabilities.partChecksum !== null, 'the CRC-64 of a part is answered'],
    [probed.capabilities.objectChecksum !== null, 'the CRC-64 of an object is answered'],
    [forms, 'small files go by forms, one request each (without: by PUT, two)'],
    [sts !== null, 'STS: credentials for one key (without: signed part URLs)'],
  ]
  return {
    lines: [
      `store    ${store.dialect.label}: ${limitsOf(store.capabilities)}${equal}`,
      ...checks.map(([yes, what]) => (yes ? 'yes' : 'no').padEnd(9) + what),
    ],
    problems: problemsOf(probed),
  }
}

function problemsOf({ capabilities }: ProbedStore): BucketProblem[] {
  if (capabilities.etagIsMd5 || capabilities.partChecksum !== null) return []
  return [
    {
      problem: 'the ETag of a part is not its MD5, so pages cannot verify what they sent',
      remedy: 'use a bucket without SSE-KMS and SSE-C; SSE-S3 does no harm',
    },
  ]
}

function limitsOf({ minPartSize, maxPartSize, maxParts, maxObjectSize }: StoreCapabilities): string {
  return `parts of ${size(minPartSize)} to ${size(maxPartSize)}, at most ${maxParts}, files up to ${size(maxObjectSize)}`
}

/** @example size(5 * 2 ** 20) // '5 MiB' */
function size(bytes: number): string {
  const units = ['KiB', 'MiB', 'GiB', 'TiB']
  const step = Math.min(Math.floor(Math.log2(bytes) / 10), units.length)
  return `${Number((bytes / 2 ** (10 * step)).toPrecision(4))} ${units[step - 1] ?? 'B'}`
}
