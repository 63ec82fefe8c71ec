import { describe, expect, it } from 'vitest'
import { carriesFile, headBytes, isSuccess, Ledger } from './ledger.js'

describe('the ledger', () => {
  it('tells acknowledged bytes from those on their way and those sent in vain', () => {
    const ledger = new Ledger()
    const [first, second, third] = [ledger.begin(), ledger.begin(), ledger.begin()]
    first.arrived(100)
    second.arrived(60)
    third.arrived(30)
    first.settled(true)
    second.settled(false)
    third.arrived(5)
    expect(ledger.account).toMatchObject({ acknowledged: 100, inVain: 60, open: 35, mostOpen: 190 })
    expect(ledger.account.firstAcknowledgedAt).not.toBeNull()
  })

  it('counts what still comes of a broken request as sent in vain', () => {
    const ledger = new Ledger()
    const delivery = ledger.begin()
    delivery.arrived(10)
    delivery.settled(false)
    delivery.settled(true)
    delivery.arrived(7)
    expect(ledger.account).toMatchObject({ acknowledged: 0, inVain: 17, open: 0 })
  })

  it('does not count for a new account what was begun for the one before', () => {
    const ledger = new Ledger()
    const delivery = ledger.begin()
    ledger.clear()
    delivery.arrived(10)
    delivery.settled(true)
    expect(ledger.account).toMatchObject({ acknowledged: 0, inVain: 0, open: 0, mostOpen: 0 })
  })
})

it.each([
  ['PUT', '/bucket/key?partNumber=1&uploadId=x', true],
  ['POST', '/bucket/', true],
  ['POST', '/bucket/key?uploads', false],
  ['POST', '/bucket/key?uploadId=x', false],
  ['OPTIONS', '/bucket/key?partNumber=1&uploadId=x', false],
])('%s %s carries a file: %s', (method, target, carries) => {
  expect(carriesFile({ method, target })).toBe(carries)
})

it('reads what an answer says, and where a request’s body begins', () => {
  expect(isSuccess(Buffer.from('HTTP/1.1 204 No Content\r\n'))).toBe(true)
  expect(isSuccess(Buffer.from('HTTP/1.1 403 Forbidden\r\n'))).toBe(false)
  expect(headBytes(Buffer.from('PUT / HTTP/1.1\r\na: b\r\n\r\nbody'))).toBe(24)
  expect(headBytes(Buffer.from('PUT / HTTP/1.1\r\na: b'))).toBe(20)
})
