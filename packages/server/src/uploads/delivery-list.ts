import type { UploadRow } from '../repository/upload-row.js'
import type { Deliveries } from './deliveries.js'
import type { UploadServices } from './upload-services.js'

/** A finished upload of which `onDone` has not heard yet. */
export interface PendingDelivery extends Pick<UploadRow, 'id' | 'owner' | 'name' | 'size' | 'key'> {
  /** The same at each attempt. */
  readonly deliveryId: string
  /** How often it was tried. */
  readonly attempts: number
  /** When the upload was finished. */
  readonly finishedAt: Date
  /** When it is tried next. */
  readonly nextAttempt: Date
}

/** What the operator of a server can see of `onDone`, and do about it. */
export interface ServerDeliveries {
  /** Of all owners, those that are due first before; not more than one list can show. */
  pending(): Promise<readonly PendingDelivery[]>
  /**
   * Runs `onDone` of a finished upload now, whether it has heard of it or not, under the same delivery id. `none`: there is no
   * finished upload of that id, or this server has no `onDone`.
   */
  resend(id: string): Promise<'delivered' | 'failed' | 'none'>
  /** Lets `onDone` of an upload be, as if it had run; `false` when it is not pending. */
  forget(id: string): Promise<boolean>
}

const maxListed = 1_000

/** @param ready resolves once the schema is up to date */
export function serverDeliveries(
  { repository, hooks, now }: UploadServices,
  deliveries: Deliveries,
  ready: () => Promise<unknown>,
): ServerDeliveries {
  return {
    async pending() {
      await ready()
      const rows = await repository.deliveries.due(Number.MAX_SAFE_INTEGER, maxListed)
      return rows.map(({ id, owner, name, size, key, deliveryAttempts, finishedAt, deliveryAt }) => ({
        ...{ id, owner, name, size, key },
        deliveryId: `done:${id}`,
        attempts: deliveryAttempts,
        finishedAt: new Date(finishedAt ?? 0),
        nextAttempt: new Date(deliveryAt ?? 0),
      }))
    },
    async resend(id) {
      await ready()
      const row = await repository.get(id)
      // Without a hook it would stay due for ever.
      if (row === undefined || hooks.onDone === undefined) return 'none'
      const due = await repository.transition(row, ['done'], { deliveryAt: now() })
      return due === undefined ? 'none' : deliveries.deliver(due)
    },
    async forget(id) {
      await ready()
      return repository.deliveries.forget(id)
    },
  }
}
