import type { ObjectStore } from '@carryon/object-store'
import type { StsIssuer } from '@carryon/server'

/** A store whose permanent key is looked at, and who narrows it for browsers. */
export interface Bucket {
  readonly store: ObjectStore
  readonly sts: StsIssuer | null
}

/** Something that keeps uploads from working, or makes them weaker. */
export interface BucketProblem {
  readonly problem: string
  readonly fix: string
}
