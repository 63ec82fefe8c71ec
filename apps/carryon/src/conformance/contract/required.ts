import type { Check } from './check.js'
import { completing } from './completing.js'
import { ending } from './ending.js'
import { opening, sending } from './opening.js'

/** What the client cannot do without, in the order of one upload. */
export const required: readonly Check[] = [...opening, ...sending, ...completing, ...ending]
