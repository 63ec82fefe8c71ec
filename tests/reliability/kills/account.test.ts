import { describe, expect, it } from 'vitest'
import { type Kill, settle } from './account.js'
import type { LoggedRequest } from './store-process.js'

const partSize = 8

function put(partNumber: number, from: number, until: number, received = partSize): LoggedRequest {
  return {
    at: from,
    milliseconds: until - from,
    requestId: '',
    operation: 'UploadPart',
    bucket: 'b',
    key: 'k',
    partNumber,
    received,
    sent: 0,
    status: received === partSize ? 200 : 0,
    acknowledged: received === partSize,
  }
}

function kill(
  target: Kill['target'],
  at: number,
  cut: readonly number[] = [],
  silent: Kill['silent'] = new Map(),
): Kill {
  return { target, at, endedAt: at + 2, cut, silent, share: 0, delay: 0, downtime: 0 }
}

describe('settle', () => {
  it('lays what was cut off at a kill to that kill', () => {
    const requests = [put(1, 0, 12), put(2, 5, 11, 3), put(3, 30, 40), put(2, 30, 40)]
    const { kills, bytesAgain, unexplained } = settle(
      [kill('browser', 10), kill('server', 20)],
      requests,
      partSize,
    )
    expect(kills.map(({ bytesAgain }) => bytesAgain)).toEqual([3, 0])
    expect(kills.map(({ bytesInFlight }) => bytesInFlight)).toEqual([16, 0])
    expect(bytesAgain).toBe(3)
    expect(unexplained).toBe(0)
  })

  it('counts what a killed store had received and could not log', () => {
    const { kills, bytesAgain } = settle(
      [kill('store', 10, [2, 5])],
      [put(1, 20, 30), put(2, 20, 30)],
      partSize,
    )
    expect(kills[0]).toMatchObject({ partsInFlight: 2, bytesInFlight: 16, bytesAgain: 7 })
    expect(bytesAgain).toBe(7)
  })

  it('takes what a killed store had stored and not logged for accepted, unless it came again', () => {
    const silent = new Map([
      [1, partSize],
      [2, partSize],
    ])
    const account = settle([kill('store', 10, [], silent)], [put(2, 20, 30)], partSize)
    expect(account.kills[0]).toMatchObject({ partsInFlight: 2, bytesAgain: partSize })
    expect(account).toMatchObject({ bytesAgain: partSize, unexplained: 0 })
    expect([...account.acknowledged].sort()).toEqual([
      [1, 1],
      [2, 1],
    ])
  })

  it('lays what arrives from a browser while it dies to that kill too', () => {
    const { unexplained, kills } = settle(
      [kill('browser', 10)],
      [put(1, 11, 60, 4), put(1, 70, 80)],
      partSize,
    )
    expect(unexplained).toBe(0)
    expect(kills[0]?.bytesAgain).toBe(4)
  })

  it('lays what was on its way through two kills to the one that ended it', () => {
    const { kills, bytesAgain, unexplained } = settle(
      [kill('server', 10), kill('browser', 20)],
      [put(1, 5, 21, 6), put(1, 30, 40)],
      partSize,
    )
    expect(kills.map(({ partsInFlight }) => partsInFlight)).toEqual([1, 1])
    expect(kills.map((one) => one.bytesAgain)).toEqual([0, 6])
    expect(bytesAgain).toBe(6)
    expect(unexplained).toBe(0)
  })

  it('leaves unexplained what was cut off without a kill, and what was accepted twice', () => {
    const requests = [put(1, 0, 5, 3), put(1, 6, 9), put(1, 50, 60)]
    const account = settle([kill('server', 20)], requests, partSize)
    expect(account.unexplained).toBe(3 + partSize)
    expect(account.acknowledged.get(1)).toBe(2)
  })

  it('lays to the kill of a browser what the store took of it afterwards, and the next page sent again', () => {
    const requests = [put(1, 5, 16), put(1, 14, 30), put(2, 20, 30)]
    const account = settle([kill('browser', 10)], requests, partSize)
    expect(account.kills[0]).toMatchObject({ partsInFlight: 1, bytesInFlight: 8, bytesAgain: 8 })
    expect(account).toMatchObject({ bytesAgain: 8, unexplained: 0 })
    expect(account.acknowledged.get(1)).toBe(1)
  })

  it('takes the largest part that was sent for the bound, also where none of its size was kept', () => {
    const { kills } = settle([kill('browser', 10)], [put(1, 5, 11, 12), put(1, 20, 30)], partSize)
    expect(kills[0]).toMatchObject({ bytesInFlight: 12, bytesAgain: 12 })
  })
})
