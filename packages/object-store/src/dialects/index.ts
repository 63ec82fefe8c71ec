import type { StoreDialect } from '../store-dialect.js'
import { cosDialect } from './cos/cos-dialect.js'
import { s3Dialect } from './s3/s3-dialect.js'

/** The dialects that are here, by their names; `createRestStore` takes any other. */
export const dialects = { cos: cosDialect, s3: s3Dialect } satisfies Readonly<Record<string, StoreDialect>>
