import { basePathProblem, isLoopback, originProblem } from '@carryon/server'

type Environment = Readonly<Record<string, string | undefined>>

/** Problems of the addresses in the environment, one line each. */
export function addressProblems(given: Environment): string[] {
  return [...publicProblems(given), ...localStoreProblems(given), ...originProblems(given)]
}

/** The origins in `ALLOWED_ORIGINS`. */
export function allowedOrigins(given: Environment): string[] {
  return (given['ALLOWED_ORIGINS'] ?? '').split(',').flatMap((origin) => origin.trim() || [])
}

/** Removes trailing slashes. */
export function withoutSlash(url: string): string {
  return url.replace(/\/+$/u, '')
}

/** Whether HOST is a wildcard address such as 0.0.0.0, which no client can connect to. */
export function isWildcardAddress(host: string): boolean {
  return /^(?:0\.0\.0\.0|\[?::\]?|0)$/u.test(host)
}

function publicProblems(given: Environment): string[] {
  const url = parsed(given['PUBLIC_BASE_URL'])
  if (url === null) return []
  const problems: string[] = []
  if (url.search !== '' || url.hash !== '' || url.username !== '') {
    problems.push(
      'PUBLIC_BASE_URL must be an address such as https://example.com/files, without ?, # and user',
    )
  }
  const path = basePathProblem(withoutSlash(url.pathname))
  if (path !== null) problems.push(`PUBLIC_BASE_URL has the path ${url.pathname}, which ${path}`)
  const keys = parsed(given['PUBLIC_URL_BASE'])
  if (keys !== null && withoutSlash(keys.href) === withoutSlash(url.href)) {
    problems.push(
      'PUBLIC_URL_BASE is the same as PUBLIC_BASE_URL: the first is where finished files can be read by everybody, such as a CDN; the second is this server. Leave the first out when the bucket is private',
    )
  }
  return problems
}

function localStoreProblems(given: Environment): string[] {
  const page = parsed(given['PUBLIC_BASE_URL'])
  const store = parsed(given['LOCAL_STORE_PUBLIC_URL'])
  const isLocal = (given['STORE'] ?? 'local') === 'local'
  if (!isLocal) {
    return store === null
      ? []
      : ['LOCAL_STORE_PUBLIC_URL is of the embedded store: leave it out without STORE=local']
  }
  if (store === null) {
    return page === null || isLoopback(page.hostname)
      ? []
      : [
          `LOCAL_STORE_PUBLIC_URL is needed with PUBLIC_BASE_URL: pages from ${page.origin} have to reach the embedded store, at an origin of its own such as https://store.example.com`,
        ]
  }
  const problems: string[] = []
  if (store.pathname !== '/' || store.search !== '' || store.hash !== '' || store.username !== '') {
    problems.push(
      'LOCAL_STORE_PUBLIC_URL must be an origin such as https://store.example.com, without a path',
    )
  }
  if (page !== null && page.origin === store.origin) {
    problems.push(
      'LOCAL_STORE_PUBLIC_URL must be another origin than PUBLIC_BASE_URL, by host or port: what people upload must not speak for the page',
    )
  }
  if (page?.protocol === 'https:' && store.protocol === 'http:' && !isLoopback(store.hostname)) {
    problems.push('LOCAL_STORE_PUBLIC_URL must be https: browsers send nothing from a page on https to http')
  }
  return problems
}

function originProblems(given: Environment): string[] {
  return allowedOrigins(given).flatMap((origin) => {
    const problem = originProblem(origin)
    return problem === null ? [] : [`ALLOWED_ORIGINS has "${origin}", which ${problem}`]
  })
}

function parsed(text: string | undefined): URL | null {
  return text !== undefined && URL.canParse(text) ? new URL(text) : null
}
