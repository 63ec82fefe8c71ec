import type { Dialect } from '../object-store.js'
import type { StoreDialect } from '../store-dialect.js'
import { cosDialect } from './cos/cos-dialect.js'
import { s3Dialect } from './s3/s3-dialect.js'

/** Every dialect, by its name. */
export const dialects = { cos: cosDialect, s3: s3Dialect } satisfies Record<Dialect, StoreDialect>
