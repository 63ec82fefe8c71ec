/**
 * Runs an action for each item, at most `limit` at a time. After a failure no further action starts; rejects
 * when the running ones have ended.
 */
export async function eachLimited<Item>(
  items: Iterable<Item>,
  limit: number,
  action: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]()
  let failed = false
  const lane = async (): Promise<void> => {
    for (let next = queue.next(); next.done !== true && !failed; next = queue.next()) {
      try {
        await action(next.value)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  const lanes = await Promise.allSettled(Array.from({ length: limit }, lane))
  const failure = lanes.find((outcome) => outcome.status === 'rejected')
  if (failure !== undefined) throw failure.reason
}
