/** What became of the file bytes that crossed the line since the start or the last `clear`. */
export interface LineAccount {
  /** When the first request with file bytes was acknowledged: unix milliseconds with fractions; `null`: none yet. */
  readonly firstAcknowledgedAt: number | null
  /** Bytes of requests that were answered with success. */
  readonly acknowledged: number
  /** Bytes of requests that broke off or were refused, and so were sent in vain. */
  readonly inVain: number
  /** Bytes that crossed the line and are not yet acknowledged: they are lost if the page closes now. */
  readonly open: number
  /** Maximum of `open` so far. */
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
  /** Call when body bytes have left the line. */
  arrived(bytes: number): void
  /** Call when the answer has reached the client (`true`: success), or when the connection is gone (`false`). */
  settled(acknowledged: boolean): void
}

/**
 * Accounts for the file bytes that cross the line towards the store. Exact, not sampled: each segment that leaves the
 * line and each answer is counted as it happens.
 */
export class Ledger {
  #account = emptyAccount()

  /** Call when a request begins. A request that began before `clear` still counts for the account from before it. */
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

/** Whether a request carries a file's bytes to a store, as a part, an object or a form. */
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

/** Whether an answer that starts with these bytes has a 2xx status. */
export function isSuccess(answer: Buffer): boolean {
  return /^HTTP\/1\.[01] 2\d\d/.test(answer.subarray(0, 16).toString('latin1'))
}

/** How many of a request's first bytes belong to its head, not to its body. */
export function headBytes(request: Buffer): number {
  const end = request.indexOf('\r\n\r\n')
  return end === -1 ? request.length : end + 4
}
