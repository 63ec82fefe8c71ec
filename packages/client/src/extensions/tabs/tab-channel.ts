/** Carries messages between the tabs of one browser. Everything still works without it: tabs then only wait in turn. */
export interface TabChannel {
  /** Tells every other tab, not this one. `message` is plain data. */
  post(message: unknown): void
  /** Calls `listener` with what other tabs post, which may be of another version. Returns the way to stop. */
  listen(listener: (message: unknown) => void): () => void
  /** Nothing is sent or heard any more. */
  close(): void
}

/**
 * A BroadcastChannel, where the browser has it and Web Locks too: without locks no tab ever waits for another.
 *
 * @param scope what the uploads of two tabs have to have in common to be the same, such as the server's address
 */
export function broadcastChannel(scope: string): TabChannel {
  const hasLocks = typeof navigator !== 'undefined' && 'locks' in navigator
  if (!hasLocks || typeof BroadcastChannel === 'undefined') return deafChannel
  let channel: BroadcastChannel & { unref?: () => void }
  try {
    channel = new BroadcastChannel(`carryon:${scope}`)
  } catch {
    return deafChannel
  }
  // In Node an open channel keeps the process alive.
  channel.unref?.()
  let closed = false
  return {
    post: (message) => {
      if (!closed) channel.postMessage(message)
    },
    listen: (listener) => {
      const onMessage = ({ data }: MessageEvent<unknown>): void => listener(data)
      channel.addEventListener('message', onMessage)
      return () => channel.removeEventListener('message', onMessage)
    },
    close: () => {
      closed = true
      channel.close()
    },
  }
}

const deafChannel: TabChannel = {
  post: () => undefined,
  listen: () => () => undefined,
  close: () => undefined,
}
