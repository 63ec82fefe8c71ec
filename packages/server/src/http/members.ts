import type { z } from 'zod'

/** A schema for each member of a wire type, and for no other: what is added to the one is missed in the other. */
export type Members<Body> = { readonly [Name in keyof Required<Body>]: z.ZodType<Body[Name]> }
