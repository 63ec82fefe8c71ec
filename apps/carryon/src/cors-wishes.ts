import { noOtherHeaders } from '@carryon/object-store'
import type { CorsRule, Dialect } from '@carryon/object-store'

/** Sent as nothing with the PUT of a small file, so that nobody can add them. A browser asks leave for them all the same. */
const emptyHeaders = Object.keys(noOtherHeaders)

/**
 * What a page sends and reads, by dialect; the names of COS are in 436/7751 and 436/8279, S3's in "UploadPart" of
 * Amazon's API reference. Where a store has no such header there is nothing to be read, and the rule does no harm.
 */
const wishes = {
  cos: {
    use: ['PUT', 'POST', 'GET', 'HEAD'],
    send: [
      'authorization',
      'content-type',
      'content-md5',
      'content-disposition',
      ...emptyHeaders,
      'x-cos-security-token',
      'x-cos-forbid-overwrite',
    ],
    read: ['ETag', 'Date', 'x-cos-request-id', 'x-cos-hash-crc64ecma', 'Content-Length'],
  },
  s3: {
    use: ['PUT', 'GET', 'HEAD'],
    send: [
      'authorization',
      'content-type',
      'content-md5',
      'content-disposition',
      ...emptyHeaders,
      'x-amz-date',
      'x-amz-content-sha256',
      'x-amz-security-token',
      'if-none-match',
    ],
    read: ['ETag', 'Date', 'x-amz-request-id', 'x-amz-checksum-crc64nvme', 'Content-Length'],
  },
} as const satisfies Record<Dialect, Readonly<Record<'use' | 'send' | 'read', readonly string[]>>>

const ruleName = 'carryon'

/** The rule that lets pages of these origins upload. Seconds of `maxAge`: a browser asks once in ten minutes. */
export function corsRule(dialect: Dialect, origins: readonly string[]): CorsRule {
  return {
    id: ruleName,
    allowedOrigins: origins,
    allowedMethods: wishes[dialect].use,
    allowedHeaders: ['*'],
    exposeHeaders: wishes[dialect].read,
    maxAge: 600,
  }
}

/** What keeps pages of an origin from uploading, one line each; of the rules the first that matches counts (436/8279). */
export function corsProblems(rules: readonly CorsRule[], dialect: Dialect, origin: string): string[] {
  const rule = rules.find(
    ({ allowedOrigins, allowedMethods }) =>
      allowedMethods.includes('PUT') && allowedOrigins.some((pattern) => matches(pattern, origin)),
  )
  if (rule === undefined) return [`CORS: no rule lets ${origin} send PUT`]
  const { use, send, read } = wishes[dialect]
  // By forms (436/14690).
  const lacksPost = (use as readonly string[]).includes('POST') && !rule.allowedMethods.includes('POST')
  const unsent = send.filter((name) => !rule.allowedHeaders.some((pattern) => matches(pattern, name)))
  const exposed = rule.exposeHeaders.map((name) => name.toLowerCase())
  const unread = read.filter((name) => !exposed.includes(name.toLowerCase()))
  return [
    ...(lacksPost ? [`CORS: ${origin} may not POST, so that small files take two requests each`] : []),
    ...(unsent.length === 0 ? [] : [`CORS: ${origin} may not send ${unsent.join(', ')}`]),
    ...(unread.length === 0 ? [] : [`CORS: ${origin} may not read ${unread.join(', ')}`]),
  ]
}

/**
 * The rules with ours in front, in the place of an earlier one. Nobody else's is taken away; ours decides for our
 * origins alone, and others keep deciding for methods that it does not name.
 */
export function withCorsRule(
  rules: readonly CorsRule[],
  dialect: Dialect,
  origins: readonly string[],
): CorsRule[] {
  const earlier = rules.find(({ id }) => id === ruleName)?.allowedOrigins ?? []
  const all = [...new Set([...earlier, ...origins])]
  return [corsRule(dialect, all), ...rules.filter(({ id }) => id !== ruleName)]
}

/** One `*` stands for any text. */
function matches(pattern: string, text: string): boolean {
  const [head = '', ...tails] = pattern.toLowerCase().split('*')
  const tail = tails.join('*')
  const wanted = text.toLowerCase()
  if (tails.length === 0) return wanted === head
  return wanted.length >= head.length + tail.length && wanted.startsWith(head) && wanted.endsWith(tail)
}
