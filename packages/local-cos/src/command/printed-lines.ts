import type { JournalEntry } from '../journal.js'
import type { LocalCos } from '../local-cos.js'
import type { AccountKey } from './account-key.js'

interface Started {
  readonly store: LocalCos
  readonly key: AccountKey
  readonly page: boolean
  readonly version: string
  readonly kept: boolean
}

/** Text printed when the store is ready, with everything a client needs. */
export function greeting({ store, key, page, version, kept }: Started): string {
  const { url, bucket, region, port } = store
  const host = new URL(url).hostname
  const unset = key.from === 'environment'
  const rows: readonly (readonly [string, string])[] = [
    ['Address', url],
    ['Bucket', bucket],
    ['Region', region],
    ['SecretId', key.secretId],
    ['SecretKey', unset ? 'that of COS_SECRET_KEY' : key.secretKey],
    ['Data', kept ? store.directory : 'kept nowhere: gone when it stops'],
    ...(page ? [['Page', `${url}/_local`] as const] : []),
  ]
  return [
    `local-cos ${version} is ready. Ctrl-C stops it.`,
    '',
    ...rows.map(([name, value]) => `  ${name.padEnd(10)} ${value}`),
    '',
    `  Node     new COS({ SecretId, SecretKey, Protocol: 'http:', Ip: '${host}:${port}' })`,
    `  S3       aws --endpoint-url ${url} --region ${region} s3 ls s3://${bucket}`,
    '',
    ...(isLoopback(host)
      ? []
      : ['Other machines reach it, without TLS. Whoever has the key may do everything.', '']),
  ].join('\n')
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host.startsWith('127.')
}

/** Formats a request, or another log line of the store, as one line. */
export function requestLine(line: object): string {
  if (!isEntry(line)) return `${timeOf(Date.now())} ${printable(JSON.stringify(line))}`
  const { at, status, operation, bucket, key, error, partNumber, received, sent, milliseconds } = line
  const what = [bucket, key].filter((name) => name !== '').join('/')
  return [
    timeOf(at),
    status === 0 ? '---' : String(status),
    operation.padEnd(23),
    printable(what + (partNumber === undefined ? '' : ` part ${partNumber}`)),
    ...(received > 0 ? [`in ${received} B`] : []),
    ...(sent > 0 ? [`out ${sent} B`] : []),
    `${milliseconds} ms`,
    ...(status === 0 ? ['connection ended'] : []),
    ...(error === undefined ? [] : [error]),
  ].join('  ')
}

function isEntry(line: object): line is JournalEntry & { readonly milliseconds: number } {
  return 'operation' in line && 'milliseconds' in line
}

function timeOf(at: number): string {
  return new Date(at).toTimeString().slice(0, 8)
}

/** Escapes a key for the terminal: keys are data and must not move the cursor. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0
    return `\\u{${code.toString(16)}}`
  })
}
