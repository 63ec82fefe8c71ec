import { once } from 'node:events'
import { createServer as createHttp } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { Server } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { httpBackend } from './http-backend.js'
import type { BackendError } from '../core/backend-error.js'

/** Not signed by a trusted authority; made with `openssl req -x509`, for these tests only. */
const cert = `-----BEGIN CERTIFICATE-----
MIIBfjCCASWgAwIBAgIUeMoGOTQyVEyLFrrQx6/dTWOgA2YwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyOTE2MTI1NloYDzIxMjYxMTA1
MTYxMjU2WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQkZdu+FjZmD62PZOW3w3diBJjV0jNhmmdfsRxY563iGkefhp4y3Mgc
p4gVkeIo/I2bw0ACwxRom6AgCjuwk16Yo1MwUTAdBgNVHQ4EFgQUIU3tDS9wlCPW
3U+3tU3MFgZF45AwHwYDVR0jBBgwFoAUIU3tDS9wlCPW3U+3tU3MFgZF45AwDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiAhl3tIdd73sfXWCp6y7z3m
24Wfojhv4DhCbsT4fyZbEQIgU/iJrApISPX5WASzC0F1mBwk565F8MoM1ItzOrpI
rF4=
-----END CERTIFICATE-----`
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgZuSgb7At8PJRWkQw
+D8V81oFz4mh1mtlN5svWU7I7bGhRANCAAQkZdu+FjZmD62PZOW3w3diBJjV0jNh
mmdfsRxY563iGkefhp4y3Mgcp4gVkeIo/I2bw0ACwxRom6AgCjuwk16Y
-----END PRIVATE KEY-----`

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function failure(url: string): Promise<BackendError> {
  const { signal } = new AbortController()
  const asked = httpBackend(url).get('a', signal)
  return (await asked.catch((error: unknown) => error)) as BackendError
}

test('a certificate that nobody vouches for is no lost network', async () => {
  const port = await portOf(createHttps({ cert, key }, (_, answer) => answer.end('{}')))
  expect(await failure(`https://127.0.0.1:${port}/api`)).toMatchObject({
    code: 'insecure',
    message: expect.stringMatching(/certificate/) as unknown,
  })
})

test('https to a port that speaks http is no lost network', async () => {
  const port = await portOf(createHttp((_, answer) => answer.end('{}')))
  expect(await failure(`https://127.0.0.1:${port}/api`)).toMatchObject({
    code: 'insecure',
    message: expect.stringMatching(/does it speak HTTPS there/) as unknown,
  })
})

test('a server that is not there is a matter of the network, named by its address', async () => {
  const server = createHttp()
  const port = await portOf(server)
  server.close()
  await once(server, 'close')
  expect(await failure(`http://127.0.0.1:${port}/api`)).toMatchObject({
    code: 'network',
    message: expect.stringContaining(`http://127.0.0.1:${port}/api`) as unknown,
  })
})

test('an address that is none never heals', async () => {
  expect(await failure('/api')).toMatchObject({ code: 'page-error' })
})
