import type { ObjectStore } from '@carryon/object-store'
import type { StsIssuer } from '@carryon/server'

/** A store with a permanent key, and the issuer of temporary credentials for browsers. */
export interface Bucket {
  readonly store: ObjectStore
  readonly sts: StsIssuer | null
}

/** Something that prevents uploads or weakens their protection. */
export interface BucketProblem {
  readonly problem: string
  readonly remedy: string
}
