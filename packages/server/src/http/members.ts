import type { z } from 'zod'

/** Requires a schema for each member of a wire type and for no other, so that a difference is a type error. */
export type Members<Body> = { readonly [Name in keyof Required<Body>]: z.ZodType<Body[Name]> }
