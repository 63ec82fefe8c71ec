import type { Context } from 'hono'
import type { Problem } from '../problem.js'
import { acceptedItems } from './accepted.js'
import type { AppEnv } from './app-env.js'
import { type NoFile, type PageLanguage, pageLanguages, problemWords } from './problem-words.js'

/**
 * Whether to answer with a page for people: only at a file's address, which people share and open like other links.
 * Callers that ask for JSON get JSON, and so do programs without an `Accept`, unless they use a signed link.
 */
export function wantsPage(context: Context<AppEnv>): boolean {
  const { method, path } = context.req
  const isRead = method === 'GET' || method === 'HEAD'
  if (!isRead || !/^\/api\/uploads\/[^/]+\/object$/u.test(path)) return false
  const [first] = acceptedItems(context.req.header('accept') ?? '').filter(({ name }) =>
    /^text\/html$|^application\/(?:[\w.-]+\+)?json$/u.test(name),
  )
  if (first !== undefined) return first.name === 'text/html'
  return context.req.query('signature') !== undefined
}

/** The problem as a page in the person's language. Of the request's data it repeats only the expiry time of a link. */
export function answerProblemPage(context: Context<AppEnv>, problem: Problem): Response {
  const language = languageOf(context.req.header('accept-language') ?? '')
  // Not parsed with `new URL`: the host may be what is invalid.
  const { signature, until: end } = context.req.query()
  const kind = kindOf(problem, signature !== undefined)
  const until = kind === 'expired' ? timeIn(language, Number(end) * 1_000) : ''
  if (problem.retryAfter !== undefined) context.header('retry-after', String(problem.retryAfter))
  return context.html(pageOf(language, problemWords[language](until)[kind]), problem.status, {
    'content-language': language,
    'cache-control': 'no-store',
    vary: 'Accept, Accept-Language',
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'x-robots-tag': 'noindex',
  })
}

/** A link that never worked and one whose file is gone look the same, so as not to reveal which ids exist. */
function kindOf({ code, status }: Problem, bySignedLink: boolean): NoFile {
  if (code === 'link-expired') return 'expired'
  if (status === 401) return 'signed-out'
  if (status >= 500 || status === 429) return 'later'
  return bySignedLink ? 'dead' : 'private'
}

function languageOf(header: string): PageLanguage {
  for (const { name } of acceptedItems(header)) {
    const found = pageLanguages.find((language) => language === name.split('-', 1)[0])
    if (found !== undefined) return found
  }
  return 'en'
}

function timeIn(language: PageLanguage, milliseconds: number): string {
  const format = new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en', {
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    // The server does not know the reader's time zone.
    timeZone: 'UTC',
    timeZoneName: 'short',
  })
  return format.format(milliseconds)
}

function pageOf(
  language: PageLanguage,
  { title, advice }: { readonly title: string; readonly advice: string },
): string {
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>
:root { color-scheme: light dark; font: 16px/1.6 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; }
body { display: grid; min-height: 100vh; margin: 0; place-content: center; }
main { max-width: 26rem; padding: 2rem 1.5rem; text-wrap: pretty; }
h1 { margin: 0 0 .75rem; font-size: 1.5rem; line-height: 1.3; text-wrap: balance; }
p { margin: 0; }
</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p>${advice}</p>
</main>
</body>
</html>
`
}
