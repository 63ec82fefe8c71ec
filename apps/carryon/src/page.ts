import { serveStatic } from '@hono/node-server/serve-static'
import { pathBelow } from '@carryon/server'
import { Hono } from 'hono'
import { secureHeaders } from 'hono/secure-headers'

/**
 * The built page as a fetch handler, with or without `basePath` before its paths. It names all that belongs to it
 * relative to itself, so its own address has to end in a slash. `storeOrigins` are the only places beside its own that it may talk to;
 * `wasm-unsafe-eval` lets the hashing worker compile its WebAssembly.
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
    // Vite puts a hash of the content into the name of each file in assets; the page that names them must be fresh.
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
