import type { MiddlewareHandler } from 'hono'
import type { AppEnv } from './app-env.js'

/**
 * On every answer: it is what its type says, and pages of other sites cannot load it as an image or a script. Pages that may
 * call the API do that by CORS, to which this does not apply. An object's address only redirects, and may be an image
 * of a page beside this server.
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
