import { noOtherHeaders } from '@carryon/object-store'
import type { CorsRule, DialectFacts } from '@carryon/object-store'

/** Sent as nothing with the PUT of a small file, so that nobody can add them. A browser asks leave for them all the same. */
const emptyHeaders = Object.keys(noOtherHeaders)

/** Headers of HTTP itself that a page sends. */
const sent = ['authorization', 'content-type', 'content-md5', 'content-disposition', ...emptyHeaders]
const ruleName = 'carryon'

/** The rule that lets pages of these origins upload. Seconds of `maxAge`: a browser asks once in ten minutes. */
export function corsRule(dialect: Pick<DialectFacts, 'cors'>, origins: readonly string[]): CorsRule {
  return {
    id: ruleName,
    allowedOrigins: origins,
    allowedMethods: dialect.cors.methods,
    allowedHeaders: ['*'],
    exposeHeaders: seenOf(dialect),
    maxAge: 600,
  }
}

/** What keeps pages of an origin from uploading, one line each; of the rules the first that matches counts (436/8279). */
export function corsProblems(
  rules: readonly CorsRule[],
  dialect: Pick<DialectFacts, 'cors'>,
  origin: string,
): string[] {
  const rule = rules.find(
    ({ allowedOrigins, allowedMethods }) =>
      allowedMethods.includes('PUT') && allowedOrigins.some((pattern) => matches(pattern, origin)),
  )
  if (rule === undefined) return [`CORS: no rule lets ${origin} send PUT`]
  const { methods, requestHeaders } = dialect.cors
  // By forms (436/14690).
  const lacksPost = methods.includes('POST') && !rule.allowedMethods.includes('POST')
  const unsent = [...sent, ...requestHeaders].filter(
    (name) => !rule.allowedHeaders.some((pattern) => matches(pattern, name)),
  )
  const exposed = rule.exposeHeaders.map((name) => name.toLowerCase())
  const unread = seenOf(dialect).filter((name) => !exposed.includes(name.toLowerCase()))
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
  dialect: Pick<DialectFacts, 'cors'>,
  origins: readonly string[],
): CorsRule[] {
  const earlier = rules.find(({ id }) => id === ruleName)?.allowedOrigins ?? []
  const all = [...new Set([...earlier, ...origins])]
  return [corsRule(dialect, all), ...rules.filter(({ id }) => id !== ruleName)]
}

/** Headers that a page has to see. */
function seenOf({ cors }: Pick<DialectFacts, 'cors'>): readonly string[] {
  return ['ETag', 'Date', ...cors.answerHeaders, 'Content-Length']
}

/** One `*` stands for any text. */
function matches(pattern: string, text: string): boolean {
  const [head = '', ...tails] = pattern.toLowerCase().split('*')
  const tail = tails.join('*')
  const wanted = text.toLowerCase()
  if (tails.length === 0) return wanted === head
  return wanted.length >= head.length + tail.length && wanted.startsWith(head) && wanted.endsWith(tail)
}
