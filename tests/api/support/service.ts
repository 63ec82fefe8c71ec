import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { httpBackend } from '@carryon/client'
import type { UploadBackend } from '@carryon/client'
import { startLocalCos } from '@carryon/local-cos'
import type { LocalCos } from '@carryon/local-cos'
import { createCosStore } from '@carryon/object-store'
import type { ObjectStore } from '@carryon/object-store'
import { cosStsIssuer, createServer, openDatabase } from '@carryon/server'
import type { Server } from '@carryon/server'

/** A real server on a real embedded store, in this process and with its own folder. */
export interface Service {
  readonly local: LocalCos
  readonly server: Server
  readonly store: ObjectStore
  /** The server as the client sees it, called without a socket. */
  readonly backend: UploadBackend
  /** Content of a stored object. */
  read(key: string): Promise<Uint8Array>
  close(): Promise<void>
}

/**
 * @param options.signedUrls no STS: the server signs the URL of each part
 * @param options.forms small files are sent by form
 */
export async function startService(
  options: { readonly signedUrls?: boolean; readonly forms?: boolean } = {},
): Promise<Service> {
  const folder = await mkdtemp(join(tmpdir(), 'carryon-service-'))
  const secrets = { secretId: 'AKIDtest', secretKey: 'secret' }
  const local = await startLocalCos({
    directory: join(folder, 'objects'),
    ...secrets,
    faults: true,
    journal: true,
  })
  const store = createCosStore({
    location: { dialect: 'cos', baseUrl: local.baseUrl, bucket: local.bucket, region: local.region },
    credentials: { accessKeyId: secrets.secretId, secretAccessKey: secrets.secretKey },
    capabilities: { forms: options.forms === true },
  })
  const server = createServer({
    store,
    sts:
      options.signedUrls === true
        ? null
        : cosStsIssuer({ ...secrets, region: local.region, endpoint: local.url }),
    database: openDatabase({ file: join(folder, 'carryon.sqlite') }),
    authorize: () => ({ owner: 'tester' }),
  })
  await server.ready()
  return {
    local,
    server,
    store,
    backend: httpBackend('http://app.test/api', {
      fetch: (input, init) => server.fetch(new Request(input, init)),
    }),
    read: async (key) => new Uint8Array(await (await store.getObject(key)).arrayBuffer()),
    close: async () => {
      await server.close()
      await local.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
