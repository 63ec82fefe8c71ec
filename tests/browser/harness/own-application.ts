import { createHmac, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer as createHttpServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { OnDoneEvent, Server } from '@carryon/server'
import { nodeHandler } from '@carryon/server/node'
import Database from 'better-sqlite3'
import express from 'express'
import fastify from 'fastify'
import type { PageFiles } from './bundled-page.js'

/** An existing application before uploads are added: users who sign in, and a table of its own. */
export class OwnApplication {
  readonly #secret = 'the secret of its sessions'
  readonly #table = new Database(':memory:')

  constructor() {
    this.#table.exec(
      'CREATE TABLE films (upload TEXT PRIMARY KEY, owner TEXT, name TEXT, key TEXT, album TEXT)',
    )
  }

  /** The session cookie of a user. */
  sessionOf(user: string): string {
    return `session=${user}.${this.#signatureOf(user)}; Path=/; HttpOnly; SameSite=Lax`
  }

  /** The signed-in user; `null` if there is none. */
  userOf(request: Request): string | null {
    const [, user = '', signature = ''] =
      /(?:^|; )session=(\w+)\.(\w+)/u.exec(request.headers.get('cookie') ?? '') ?? []
    const [expected, said] = [Buffer.from(this.#signatureOf(user)), Buffer.from(signature)]
    return expected.length === said.length && timingSafeEqual(expected, said) ? user : null
  }

  /** The application's `onDone`, which may be called twice for one upload. */
  keepFilm({ upload, owner, metadata }: OnDoneEvent): { readonly data: { readonly film: string } } {
    this.#table
      .prepare('INSERT INTO films VALUES (?, ?, ?, ?, ?) ON CONFLICT (upload) DO NOTHING')
      .run(upload.id, owner, upload.name, upload.key, metadata['album'] ?? '')
    return { data: { film: `${owner}: ${upload.name}` } }
  }

  films(): readonly Record<string, string>[] {
    return this.#table
      .prepare<[], Record<string, string>>('SELECT owner, name, key, album FROM films ORDER BY name')
      .all()
  }

  close(): void {
    this.#table.close()
  }

  #signatureOf(user: string): string {
    return createHmac('sha256', this.#secret).update(user).digest('hex')
  }
}

/** Mounts the uploads below `/files` of an application that has a page, sign-in, and other routes. */
export type Framework = (
  application: OwnApplication,
  uploads: Server,
  files: PageFiles,
) => Promise<RequestListener>

export const frameworks: Readonly<Record<string, Framework>> = {
  Express: async (application, uploads, files) => {
    const app = express()
    app.use('/files', nodeHandler(uploads))
    app.use(express.json())
    app.post('/sign-in/:user', ({ params }, response) => {
      response.setHeader('set-cookie', application.sessionOf(params.user)).status(204).end()
    })
    app.get('/films', (_request, response) => void response.json(application.films()))
    for (const [path, { type, body }] of files)
      app.get(
        path,
        (_request, response) =>
          void response.type(type).send(typeof body === 'string' ? body : Buffer.from(body)),
      )
    return app
  },
  Fastify: async (application, uploads, files) => {
    const app = fastify()
    const handler = nodeHandler(uploads)
    await app.register(
      async (scope) => {
        scope.removeAllContentTypeParsers()
        scope.addContentTypeParser('*', (_request, _body, done) => done(null))
        scope.all('/*', (request, reply) => {
          reply.hijack()
          handler(request.raw, reply.raw)
        })
      },
      { prefix: '/files' },
    )
    app.post<{ Params: { user: string } }>('/sign-in/:user', ({ params }, reply) =>
      reply.header('set-cookie', application.sessionOf(params.user)).code(204).send(),
    )
    app.get('/films', () => application.films())
    for (const [path, { type, body }] of files)
      app.get(path, (_request, reply) =>
        reply.type(type).send(typeof body === 'string' ? body : Buffer.from(body)),
      )
    await app.ready()
    return (request, response) => app.routing(request, response)
  },
}

/** Listens on the loopback interface. */
export async function listen(listener: RequestListener) {
  const http = createHttpServer(listener)
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/`,
    async close(): Promise<void> {
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
    },
  }
}
