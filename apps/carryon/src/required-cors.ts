import { emptyObjectHeaders } from '@carryon/object-store'
import type { CorsRule, DialectInfo } from '@carryon/object-store'

/** Sent empty with the PUT of a small file, so that no client can set them. They still need a preflight. */
const emptyHeaders = Object.keys(emptyObjectHeaders)

/** Standard HTTP headers that a page sends. */
const sentHeaders = ['authorization', 'content-type', 'content-md5', 'content-disposition', ...emptyHeaders]
const ruleName = 'carryon'

/** The CORS rule that lets pages of these origins upload. */
export function requiredCorsRule(dialect: Pick<DialectInfo, 'cors'>, origins: readonly string[]): CorsRule {
  return {
    id: ruleName,
    allowedOrigins: origins,
    allowedMethods: dialect.cors.methods,
    allowedHeaders: ['*'],
    exposeHeaders: exposedHeadersOf(dialect),
    maxAge: 600,
  }
}

/** What prevents pages of an origin from uploading, one line each. Only the first matching rule applies (436/8279). */
export function corsProblems(
  rules: readonly CorsRule[],
  dialect: Pick<DialectInfo, 'cors'>,
  origin: string,
): string[] {
  const rule = rules.find(
    ({ allowedOrigins, allowedMethods }) =>
      allowedMethods.includes('PUT') && allowedOrigins.some((pattern) => matches(pattern, origin)),
  )
  if (rule === undefined) return [`CORS: no rule lets ${origin} send PUT`]
  const { methods, requestHeaders } = dialect.cors
  // POST is needed for uploads by form (436/14690).
  const lacksPost = methods.includes('POST') && !rule.allowedMethods.includes('POST')
  const unsent = [...sentHeaders, ...requestHeaders].filter(
    (name) => !rule.allowedHeaders.some((pattern) => matches(pattern, name)),
  )
  const exposed = rule.exposeHeaders.map((name) => name.toLowerCase())
  const unread = exposedHeadersOf(dialect).filter((name) => !exposed.includes(name.toLowerCase()))
  return [
    ...(lacksPost ? [`CORS: ${origin} may not POST, so that small files take two requests each`] : []),
    ...(unsent.length === 0 ? [] : [`CORS: ${origin} may not send ${unsent.join(', ')}`]),
    ...(unread.length === 0 ? [] : [`CORS: ${origin} may not read ${unread.join(', ')}`]),
  ]
}

/**
 * Puts our rule first and removes an earlier version of it. All other rules stay, because ours applies only to its own
 * origins and methods.
 */
export function withCorsRule(
  rules: readonly CorsRule[],
  dialect: Pick<DialectInfo, 'cors'>,
  origins: readonly string[],
): CorsRule[] {
  const earlier = rules.find(({ id }) => id === ruleName)?.allowedOrigins ?? []
  const all = [...new Set([...earlier, ...origins])]
  return [requiredCorsRule(dialect, all), ...rules.filter(({ id }) => id !== ruleName)]
}

/** Response headers that a page must be able to read. */
function exposedHeadersOf({ cors }: Pick<DialectInfo, 'cors'>): readonly string[] {
  return ['ETag', 'Date', ...cors.answerHeaders, 'Content-Length']
}

/** Matches `text` against a pattern in which one `*` stands for arbitrary text. */
function matches(pattern: string, text: string): boolean {
  const [head = '', ...tails] = pattern.toLowerCase().split('*')
  const tail = tails.join('*')
  const wanted = text.toLowerCase()
  if (tails.length === 0) return wanted === head
  return wanted.length >= head.length + tail.length && wanted.startsWith(head) && wanted.endsWith(tail)
}
