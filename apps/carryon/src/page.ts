import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import { secureHeaders } from 'hono/secure-headers'

/**
 * The built page as a fetch handler. `storeOrigins` are the only places beside its own that it may talk to;
 * `wasm-unsafe-eval` lets the hashing worker compile its WebAssembly.
 */
export function createPage(folder: string, storeOrigins: readonly string[]): Hono {
  const page = new Hono()
  page.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
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
  page.use('/assets/*', async (context, next) => {
    await next()
    // Vite puts a hash of the content into the name of each file there.
    if (context.res.ok) context.header('cache-control', 'public, max-age=31536000, immutable')
  })
  page.use(serveStatic({ root: folder }))
  return page
}
