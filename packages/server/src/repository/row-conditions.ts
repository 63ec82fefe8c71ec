import { sql } from 'kysely'

/**
 * Word for word as the partial indexes have them (`migrations.ts`): SQLite uses such an index only for a query that states its
 * condition, and takes no parameters for it.
 */
export const isOpen = sql<boolean>`state in ('open', 'completing')`
export const isDone = sql<boolean>`state = 'done'`
export const isCompleting = sql<boolean>`state = 'completing'`
