import { StoreError } from '@carryon/object-store'
import { expect, test } from 'vitest'
import { explainStartError } from './start-failure.js'
import { StartError } from './start-error.js'

const config = { databaseUrl: 'postgres://anna:very%23secret@db.example.com:5432/carryon', dataDir: '/data' }

test.each([
  ['ECONNREFUSED', 'connect ECONNREFUSED', 'nothing listens there'],
  ['ENOTFOUND', 'getaddrinfo', 'not known by that name'],
  ['28P01', 'password authentication failed for user "anna"', 'does not accept the password'],
  ['3D000', 'database "carryon" does not exist', 'has no database of that name'],
  ['42501', 'permission denied for schema public', 'too little'],
  ['57P03', 'the database system is starting up', 'starting or stopping'],
  ['', 'timeout exceeded when trying to connect', 'does not answer'],
  ['', 'The server does not support SSL connections', 'sslmode'],
  ['XX000', 'something', 'refuses (XX000)'],
])('a database that fails with %j is explained', (code, message, words) => {
  const explained = explainStartError(Object.assign(new Error(message), { code }), config)
  expect(explained).toBeInstanceOf(StartError)
  expect(String(explained)).toContain('The database at db.example.com:5432 ')
  expect(String(explained)).toContain(words)
  expect(String(explained)).not.toMatch(/very|secret/u)
})

test('so is a store, and a damaged file', () => {
  const refused = new StoreError('no such bucket', { code: 'NoSuchBucket', status: 404 })
  expect(String(explainStartError(refused, config))).toContain('make the bucket')
  const damaged = Object.assign(new Error('file is not a database'), { code: 'SQLITE_NOTADB' })
  expect(String(explainStartError(damaged, { ...config, databaseUrl: undefined }))).toContain('/data')
})

test('an unexpected error stays as it is', () => {
  const error = new TypeError('x is not a function')
  expect(explainStartError(error, config)).toBe(error)
})
