import type { UploadRow } from '../repository/upload-row.js'
import type { Deliveries } from './deliveries.js'
import type { UploadServices } from './upload-services.js'

/** A finished upload that `onDone` was not yet successfully called for. */
export interface PendingDelivery extends Pick<UploadRow, 'id' | 'owner' | 'name' | 'size' | 'key'> {
  /** The same for every attempt. */
  readonly deliveryId: string
  /** Number of attempts so far. */
  readonly attempts: number
  /** When the upload was finished. */
  readonly finishedAt: Date
  /** When the next attempt is due. */
  readonly nextAttempt: Date
}

/** Lets the operator list, repeat and drop deliveries to `onDone`. */
export interface ServerDeliveries {
  /** Pending deliveries of all owners, those due first at the beginning; limited to one list. */
  pending(): Promise<readonly PendingDelivery[]>
  /**
   * Runs `onDone` of a finished upload now, even if it was delivered before, under the same delivery id. `none`: no
   * finished upload has this id, or the server has no `onDone`.
   */
  resend(id: string): Promise<'delivered' | 'failed' | 'none'>
  /** Drops the delivery of an upload as if `onDone` had run; `false` if none is pending. */
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
      // Without a hook the delivery would stay due for ever.
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
