import { getRequestListener } from '@hono/node-server'
import { createServer } from 'node:http'
import type { PageFiles } from './bundled-page.js'

/** An application's own server: serves its page and answers other requests. */
export interface PageApplication {
  /** With a trailing slash. */
  readonly url: string
  /** The files it serves from now on. */
  files: PageFiles
  close(): Promise<void>
}

/** @param answer handles requests that match no file of the page; `null` means not found */
export async function servePages(
  files: PageFiles,
  answer: (request: Request) => Promise<Response> | null,
): Promise<PageApplication> {
  const application = { files }
  const listener = getRequestListener(async (request) => {
    const file = application.files.get(new URL(request.url).pathname)
    if (file !== undefined)
      return new Response(new Blob([file.body as BlobPart]), { headers: { 'content-type': file.type } })
    return (await answer(request)) ?? new Response('Nothing is here.', { status: 404 })
  })
  const server = createServer((incoming, outgoing) => void listener(incoming, outgoing))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The application has no port.')
  return {
    url: `http://127.0.0.1:${address.port}/`,
    get files() {
      return application.files
    },
    set files(next) {
      application.files = next
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
