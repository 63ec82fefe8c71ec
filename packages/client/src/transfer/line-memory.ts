/** Remembers the speed of the line to one store between visits, where the browser can store it. */
export interface LineMemory {
  /** Bytes per second; `null` if unknown, too old, or measured on another kind of connection. */
  read(): number | null
  /** @param speed bytes per second */
  write(speed: number): void
}

/** What is known about the line before anything was sent. */
export interface LineHints {
  readonly memory: LineMemory
  /** Whether the browser reports a slow line. */
  readonly isSlow: boolean
}

export const nothingKnown: LineHints = {
  memory: { read: () => null, write: () => undefined },
  isSlow: false,
}

/** One day: users usually come back on the same line, but a phone may be elsewhere by then. Milliseconds. */
const longestAge = 86_400_000

/** `navigator.connection`, where it exists (Chromium; Network Information API). */
interface Connection {
  readonly type?: string
  readonly effectiveType?: string
  readonly saveData?: boolean
}

/**
 * Uses `localStorage`, because it is synchronous and does not delay the first byte.
 *
 * @param scope identifies the line: the backend's address
 * @param wallTime Unix milliseconds
 */
export function browserLineMemory(scope: string, wallTime: () => number): LineMemory {
  const key = `carryon.line ${scope}`
  return {
    read: () => {
      try {
        const { speed, at, type } = JSON.parse(localStorage.getItem(key) ?? '{}') as Record<string, unknown>
        const isGood =
          typeof speed === 'number' && speed > 0 && Number.isFinite(speed) && typeof at === 'number'
        return isGood && Math.abs(wallTime() - at) < longestAge && type === typeNow() ? speed : null
      } catch {
        return null
      }
    },
    write: (speed) => {
      try {
        localStorage.setItem(
          key,
          JSON.stringify({ speed: Math.round(speed), at: wallTime(), type: typeNow() }),
        )
      } catch {
        // Without it, the next visit only needs a few hundred milliseconds longer.
      }
    },
  }
}

/**
 * Whether the browser reports a slow line. `downlink` is of no use for this: for an unknown line Chromium reports 1.3
 * to 2.9 Mbit/s, depending on the kind of network.
 */
export function isSlowLine(): boolean {
  const { effectiveType, saveData } = connection()
  return saveData === true || (effectiveType ?? '4g') !== '4g'
}

function typeNow(): string {
  const { type = '', effectiveType = '' } = connection()
  return `${type} ${effectiveType}`
}

function connection(): Connection {
  const { connection: known } = (typeof navigator === 'undefined' ? {} : navigator) as {
    connection?: Connection
  }
  return known ?? {}
}
