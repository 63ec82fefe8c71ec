import { getPath } from 'hono/utils/url'

/**
 * The path by which a request is routed: what stands after `basePath`. A proxy may have taken `basePath` away already;
 * then the path is taken as it is.
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

/** Why a server cannot be mounted there; `null` when it can. */
export function basePathProblem(basePath: string): string | null {
  if (!/^(?:\/[\w.~-]+)*$/u.test(basePath) || /\/\.{1,2}(?:\/|$)/u.test(basePath)) {
    return 'must be a path like /files, of letters, digits, dots, hyphens, underscores and tildes'
  }
  // Else a request that a proxy has taken the path off could not be told from one that still has it.
  return /^\/(?:api|sts|healthz|metrics)(?:\/|$)/u.test(basePath)
    ? 'must not begin with /api, /sts, /healthz or /metrics, which are paths of the server itself'
    : null
}

/** Whether a path is one of the API, and not of whatever else an application answers; as {@link pathBelow} has it. */
export function isApiPath(path: string): boolean {
  return /^\/(?:api\/(?:uploads|limits|openapi\.json)|sts)(?:\/|$)/u.test(path)
}
