import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import type { RequestListener, Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import 'reflect-metadata'
import { Logger, Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { createUploader } from '@carryon/client'
import type { Server } from '@carryon/server'
import { nodeHandler } from '@carryon/server/node'
import express from 'express'
import fastify from 'fastify'
import Koa from 'koa'
import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import { type ApiUnderTest, startApi } from './support/api-under-test.js'
import { rawRequest } from './support/raw-request.js'

let api: ApiUnderTest | undefined
afterEach(async () => {
  await api?.close()
  api = undefined
})

/** An application's own server, with the uploads mounted below `/files`. */
type Mounted = (server: Server) => RequestListener | Promise<RequestListener>

const express5 =
  (...before: readonly express.RequestHandler[]): Mounted =>
  (server) => {
    const app = express()
    for (const handler of before) app.use(handler)
    app.use('/files', nodeHandler(server))
    app.get('/files/albums', (_request, response) => void response.send('albums'))
    app.get('/', (_request, response) => void response.send('home'))
    return app
  }

const mounts: Readonly<Record<string, Mounted>> = {
  'node:http': (server) => {
    const uploads = nodeHandler(server)
    return (request, response) =>
      uploads(request, response, () => response.end(request.url === '/' ? 'home' : 'albums'))
  },
  Express: express5(),
  'Express behind its body parser': express5(express.json()),
  'Express behind a parser of raw bodies': express5(express.raw({ type: '*/*' })),
  Fastify: async (server) => {
    const app = fastify()
    const uploads = nodeHandler(server)
    await app.register(
      async (scope) => {
        // The upload server reads the bodies itself.
        scope.removeAllContentTypeParsers()
        scope.addContentTypeParser('*', (_request, _body, done) => done(null))
        scope.get('/albums', () => 'albums')
        scope.all('/*', (request, reply) => {
          reply.hijack()
          uploads(request.raw, reply.raw)
        })
      },
      { prefix: '/files' },
    )
    app.get('/', () => 'home')
    await app.ready()
    return (request, response) => app.routing(request, response)
  },
  'Fastify behind its body parser': async (server) => {
    const app = fastify()
    const uploads = nodeHandler(server)
    app.get('/files/albums', () => 'albums')
    app.all('/files/*', (request, reply) => {
      reply.hijack()
      uploads(Object.assign(request.raw, { body: request.body }), reply.raw)
    })
    app.get('/', () => 'home')
    await app.ready()
    return (request, response) => app.routing(request, response)
  },
  'Nest on Express': async (server) => {
    // Applies the decorator by hand: the test compiler does not support decorators.
    class AppModule {
      readonly name = 'application'
    }
    Module({})(AppModule)
    Logger.overrideLogger(false)
    const app = await NestFactory.create(AppModule)
    app.use('/files', nodeHandler(server))
    const routes = app.getHttpAdapter()
    routes.get(
      '/files/albums',
      (_request: unknown, response: express.Response) => void response.send('albums'),
    )
    routes.get('/', (_request: unknown, response: express.Response) => void response.send('home'))
    await app.init()
    onTestFinished(() => app.close())
    return routes.getInstance() as RequestListener
  },
  Koa: (server) => {
    const app = new Koa()
    const uploads = nodeHandler(server)
    app.use((context, next) => {
      let isOthers = false as boolean
      uploads(context.req, context.res, () => (isOthers = true))
      if (isOthers) return next()
      context.respond = false
      return undefined
    })
    app.use((context) => void (context.body = context.path === '/' ? 'home' : 'albums'))
    const answer = app.callback()
    return (request, response) => void answer(request, response)
  },
}

async function listen(listener: RequestListener): Promise<string> {
  const http: HttpServer = createHttpServer(listener)
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  onTestFinished(async () => {
    http.closeAllConnections()
    await new Promise((resolve) => http.close(resolve))
  })
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`
}

const start = async (): Promise<Server> =>
  (api = await startApi({ basePath: '/files', authorize: () => ({ owner: 'anna' }) })).server

describe.each(Object.entries(mounts))('mounted in %s, below a path', (_, mount) => {
  test('it uploads files of both kinds, and leaves other paths to the application', async () => {
    const server = await start()
    const url = await listen(await mount(server))
    const uploader = createUploader({ backend: `${url}/files/api` })
    onTestFinished(() => uploader.close())
    for (const bytes of [100, 9 * 2 ** 20]) {
      const { size, url: object } = await uploader.upload(new File([Buffer.alloc(bytes, 3)], 'a.bin')).done
      expect(size).toBe(bytes)
      expect(new URL(object, url).pathname).toMatch(/^\/files\/api\/uploads\//u)
    }
    expect((await uploader.finished()).uploads).toHaveLength(2)
    expect(await (await fetch(`${url}/files/albums`)).text()).toBe('albums')
    expect(await (await fetch(url)).text()).toBe('home')
  })

  test('a Host that is none is refused by the server in words', async () => {
    const url = await listen(await mount(await start()))
    for (const host of ['xn--a', '1.2.3.4.5']) {
      const answer = await rawRequest(`${url}/files/api/uploads`, { host })
      expect([answer.status, answer.body]).toEqual([400, expect.stringContaining('invalid-request')])
    }
  })
})

test('a body that somebody read and did not keep is refused in words, and nothing waits', async () => {
  const reads: express.RequestHandler = (request, _response, next) => {
    request.on('data', () => undefined)
    request.on('end', () => next())
  }
  const url = await listen(await express5(reads)(await start()))
  const answer = await fetch(`${url}/files/api/uploads`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"name":"a"}',
  })
  expect([answer.status, await answer.json()]).toMatchObject([
    500,
    { code: 'internal', detail: expect.stringContaining('before the body parser') as string },
  ])
})
