import type { MiddlewareHandler } from 'hono'
import type { AppEnv } from './app-env.js'

/**
 * Headers for every answer: browsers must not guess another content type, and pages of other sites cannot load it as an
 * image or a script. Pages that may call the API use CORS, which is not affected. An object's address only redirects, and
 * may be an image of a page on the same site.
 */
export function securityHeaders(): MiddlewareHandler<AppEnv> {
  return async (context, next) => {
    await next()
    context.header('x-content-type-options', 'nosniff')
    context.header(
      'cross-origin-resource-policy',
      /\/object$/u.test(context.req.path) ? 'same-site' : 'same-origin',
    )
  }
}
