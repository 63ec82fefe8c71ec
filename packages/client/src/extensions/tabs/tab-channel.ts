/** Carries messages between the tabs of one browser. Optional: without it tabs only wait for each other. */
export interface TabChannel {
  /** Sends to every other tab, not this one. `message` is plain data. */
  post(message: unknown): void
  /** Calls `listener` with messages of other tabs, which may run another version. Returns a function that stops it. */
  listen(listener: (message: unknown) => void): () => void
  /** Stops sending and receiving. */
  close(): void
}

/**
 * A BroadcastChannel, if the browser has Web Locks too: without locks no tab ever waits for another.
 *
 * @param scope scope within which tabs share uploads, such as the server's address
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
