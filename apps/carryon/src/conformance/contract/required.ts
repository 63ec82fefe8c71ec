import type { Check } from './check.js'
import { completing } from './completing.js'
import { ending } from './ending.js'
import { opening, sending } from './opening.js'

/** Checks of everything that the client needs, in the order of one upload. */
export const required: readonly Check[] = [...opening, ...sending, ...completing, ...ending]
