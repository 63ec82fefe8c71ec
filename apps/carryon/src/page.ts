import { serveStatic } from '@hono/node-server/serve-static'
import { pathBelow } from '@carryon/server'
import { Hono } from 'hono'
import { secureHeaders } from 'hono/secure-headers'

/**
 * The built page as a fetch handler, with or without `basePath` before its paths. The page's links are relative, so its own
 * address must end in a slash. Besides its own origin it may connect only to `storeOrigins`; `wasm-unsafe-eval` lets the
 * hashing worker compile its WebAssembly.
 */
export function createPage(folder: string, storeOrigins: readonly string[], basePath = ''): Hono {
  const page = new Hono({ getPath: pathBelow(basePath) })
  page.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        // Previews of finished files come from the store.
        imgSrc: ["'self'", 'data:', ...storeOrigins],
        mediaSrc: ["'self'", ...storeOrigins],
        connectSrc: ["'self'", ...storeOrigins],
        workerSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
      referrerPolicy: 'same-origin',
      strictTransportSecurity: false,
      crossOriginResourcePolicy: 'same-origin',
    }),
  )
  page.use(async (context, next) => {
    await next()
    // Vite names the files in `assets` by a hash of their content; the page that refers to them must not be cached.
    const immutable = context.req.path.startsWith('/assets/') && context.res.ok
    context.header('cache-control', immutable ? 'public, max-age=31536000, immutable' : 'no-cache')
  })
  if (basePath !== '') {
    page.get('/', (context, next) => {
      const { pathname, search } = new URL(context.req.url)
      return pathname === basePath ? Promise.resolve(context.redirect(`${basePath}/${search}`, 308)) : next()
    })
  }
  page.use(serveStatic({ root: folder }))
  return page
}
