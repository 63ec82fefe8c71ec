import { sql } from 'kysely'

/**
 * These must match the partial indexes literally (`migrations.ts`): SQLite uses such an index only for a query that
 * contains its condition, and without parameters.
 */
export const isOpen = sql<boolean>`state in ('open', 'completing')`
export const isDone = sql<boolean>`state = 'done'`
export const isCompleting = sql<boolean>`state = 'completing'`
