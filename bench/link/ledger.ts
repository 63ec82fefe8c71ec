/** What has become of the bytes of files that crossed the line, since the start or the last `clear`. */
export interface LineAccount {
  /** When the first of them were acknowledged: unix milliseconds with fractions; `null`: none yet. */
  readonly firstAcknowledgedAt: number | null
  /** Bytes of requests that were answered with success. */
  readonly acknowledged: number
  /** Bytes of requests that broke off or were refused: sent for nothing. */
  readonly inVain: number
  /** Bytes across the line that nobody has acknowledged: what is lost if the page goes away now. */
  readonly open: number
  /** The most that `open` ever was. */
  readonly mostOpen: number
}

interface Account {
  firstAcknowledgedAt: number | null
  acknowledged: number
  inVain: number
  open: number
  mostOpen: number
}

const emptyAccount = (): Account => ({
  firstAcknowledgedAt: null,
  acknowledged: 0,
  inVain: 0,
  open: 0,
  mostOpen: 0,
})

/** One request that carries a file's bytes. */
export interface Delivery {
  /** Body bytes have left the line. */
  arrived(bytes: number): void
  /** The answer has reached the client, or the connection is gone (`false`). */
  settled(acknowledged: boolean): void
}

/**
 * Keeps account of what crosses the line towards the store. It is exact, not sampled: each piece that leaves the line and
 * each answer is counted as it happens.
 */
export class Ledger {
  #account = emptyAccount()

  /** A request begins; what an earlier account was opened for counts there, even if it ends after `clear`. */
  begin(): Delivery {
    const account = this.#account
    let bytes = 0
    let isOver = false
    return {
      arrived(more) {
        bytes += more
        if (isOver) {
          account.inVain += more
          return
        }
        account.open += more
        account.mostOpen = Math.max(account.mostOpen, account.open)
      },
      settled(acknowledged) {
        if (isOver) return
        isOver = true
        account.open -= bytes
        if (!acknowledged) {
          account.inVain += bytes
          return
        }
        account.acknowledged += bytes
        if (bytes > 0) account.firstAcknowledgedAt ??= performance.timeOrigin + performance.now()
      },
    }
  }

  get account(): LineAccount {
    return { ...this.#account }
  }

  clear(): void {
    this.#account = emptyAccount()
  }
}

/** Whether a request carries a file's bytes to a store: a part, an object, or a form. */
export function carriesFile({
  method,
  target,
}: {
  readonly method: string
  readonly target: string
}): boolean {
  if (method === 'PUT') return true
  return method === 'POST' && !/[?&]upload(s|Id)\b/i.test(target)
}

/** Whether these first bytes of an answer say that the request succeeded. */
export function isSuccess(answer: Buffer): boolean {
  return /^HTTP\/1\.[01] 2\d\d/.test(answer.subarray(0, 16).toString('latin1'))
}

/** Bytes of these first ones of a request that are head and not body. */
export function headBytes(request: Buffer): number {
  const end = request.indexOf('\r\n\r\n')
  return end === -1 ? request.length : end + 4
}
