import { getPath } from 'hono/utils/url'

/**
 * Routes a request by the path after `basePath`. If a proxy has stripped `basePath` already, the whole path is used.
 *
 * @param basePath '' or like `/files`
 */
export function pathBelow(basePath: string): (request: Request) => string {
  if (basePath === '') return getPath
  return (request) => {
    const path = getPath(request)
    if (path === basePath) return '/'
    return path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : path
  }
}

/** `/files` for `files`, `/files/`, `/files`; '' for `/`. */
export function asBasePath(path: string): string {
  const trimmed = path.replace(/^\/+|\/+$/gu, '')
  return trimmed === '' ? '' : `/${trimmed}`
}

/** Why a server cannot be mounted at this path; `null` if it can. */
export function basePathProblem(basePath: string): string | null {
  if (!/^(?:\/[\w.~-]+)*$/u.test(basePath) || /\/\.{1,2}(?:\/|$)/u.test(basePath)) {
    return 'must be a path like /files, of letters, digits, dots, hyphens, underscores and tildes'
  }
  // Otherwise requests with a stripped base path and requests with an unstripped one would be ambiguous.
  return /^\/(?:api|sts|healthz|metrics)(?:\/|$)/u.test(basePath)
    ? 'must not begin with /api, /sts, /healthz or /metrics, which are paths of the server itself'
    : null
}

/** Whether a path, as returned by {@link pathBelow}, belongs to the API and not to other routes of the application. */
export function isApiPath(path: string): boolean {
  return /^\/(?:api\/(?:uploads|limits|openapi\.json)|sts)(?:\/|$)/u.test(path)
}
