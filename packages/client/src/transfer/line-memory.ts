/** What earlier visits learned of the line to one store; where nothing can be kept, nothing is known. */
export interface LineMemory {
  /** Bytes per second; `null` where nothing is known, or what is known is old or of another connection. */
  read(): number | null
  /** @param speed bytes per second */
  write(speed: number): void
}

/** What is known of the line before anything was sent. */
export interface LineHints {
  readonly memory: LineMemory
  /** Whether the browser takes the line for a slow one. */
  readonly isSlow: boolean
}

export const nothingKnown: LineHints = {
  memory: { read: () => null, write: () => undefined },
  isSlow: false,
}

/** A day: people come back over the line that they had, and a phone is somewhere else. Milliseconds. */
const longestAge = 86_400_000

/** What `navigator.connection` says, where it exists (Chromium; Network Information API). */
interface Connection {
  readonly type?: string
  readonly effectiveType?: string
  readonly saveData?: boolean
}

/**
 * In `localStorage`, which answers at once: the first byte waits for nothing.
 *
 * @param scope whose line it is: the backend's address
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
        // It costs the next visit a few hundred milliseconds.
      }
    },
  }
}

/**
 * Whether the browser takes the line for one that carries little. Its `downlink` says nothing: of a line that it does not
 * know Chromium says 1.3 to 2.9 Mbit/s, by the kind of network.
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
