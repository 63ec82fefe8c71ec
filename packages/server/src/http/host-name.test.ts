import { describe, expect, test } from 'vitest'
import { asHost, isLoopback } from './host-name.js'

describe('isLoopback', () => {
  test.each(['localhost', 'localhost.', 'page.localhost', '127.0.0.1', '127.255.0.53', '::1', '[::1]'])(
    '%s is this machine',
    (hostname) => expect(isLoopback(hostname)).toBe(true),
  )

  test.each([
    'example.com',
    'localhost.example.com',
    '127.0.0.1.example.com',
    '127.1.2.3456',
    '10.0.0.1',
    '::',
  ])('%s may be another', (hostname) => expect(isLoopback(hostname)).toBe(false))
})

describe('asHost', () => {
  test.each([
    ['app.example.com', 'app.example.com'],
    ['App.Example.com', 'app.example.com'],
    ['app.example.com:8443', 'app.example.com:8443'],
    // The Host of a page at http://app.example.com or https://app.example.com has no port.
    ['app.example.com:80', 'app.example.com'],
    ['app.example.com:443', 'app.example.com'],
    ['[2001:db8::1]:443', '[2001:db8::1]'],
    ['192.0.2.7', '192.0.2.7'],
  ])('%s is %s', (text, host) => expect(asHost(text)).toBe(host))

  test.each([
    '',
    'https://app.example.com',
    'app.example.com/files',
    'me@app.example.com',
    'a b',
    '*.example.com:x',
  ])('"%s" is none', (text) => expect(asHost(text)).toBeNull())
})
