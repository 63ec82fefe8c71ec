import { describe, expect, it } from 'vitest'
import { newKey } from './new-key.js'

const day = new Date('2026-11-30T23:59:59Z')
const nameIn = (key: string): string => key.slice(key.lastIndexOf('/') + 1)

describe('a new key', () => {
  it('is date, random characters and name, and never the same twice', () => {
    const keys = Array.from({ length: 50 }, () => newKey('films/', 'a.mp4', day))
    for (const key of keys) expect(key).toMatch(/^films\/2026\/11\/30\/[\w-]{22}\/a\.mp4$/)
    expect(new Set(keys).size).toBe(50)
  })

  it.each([
    ['假期 1.mp4', '假期_1.mp4'],
    ['C:\\clips\\a.mp4', 'a.mp4'],
    ['../../etc/passwd', 'passwd'],
    ['..', 'file'],
    ['', 'file'],
    ['a?b#c%d&e*f.txt', 'a_b_c_d_e_f.txt'],
    ['a\u202Egpj.exe', 'a_gpj.exe'],
    ['half \ud800 surrogate', 'half___surrogate'],
  ])('has of the name %j only what a key can have', (name, expected) => {
    expect(nameIn(newKey('', name, day))).toBe(expected)
  })

  it('fits what COS takes, whatever the name, and keeps its ending', () => {
    const key = newKey('a'.repeat(600) + '/', '长'.repeat(500) + '.mp4', day)
    expect(new TextEncoder().encode(key).length).toBeLessThanOrEqual(850)
    expect(key.endsWith('长.mp4')).toBe(true)
  })

  it('is refused where the prefix leaves no room', () => {
    expect(() => newKey('a'.repeat(800), 'a.mp4', day)).toThrow('800 bytes')
  })
})
