import { join } from 'node:path'
import { StartError as LocalStoreStartError, startLocalCos } from '@carryon/local-cos'
import type { LocalCos, LocalCosOptions } from '@carryon/local-cos'
import { createCosStore, probeForms, probeStore } from '@carryon/object-store'
import type { StoreLocation } from '@carryon/object-store'
import { cosStsIssuer } from '@carryon/server'
import type { Logger } from 'pino'
import type { Config } from './config.js'
import { localAddress } from './local-address.js'
import { isWildcardAddress } from './address-config.js'
import { localSecrets } from './local-secrets.js'
import type { LocalSecrets } from './local-secrets.js'
import { cosStorage, s3Storage } from './remote-storage.js'
import type { RemoteBucket } from './remote-storage.js'
import { StartError } from './start-error.js'
import type { CosStoreConfig, LocalStoreConfig, S3StoreConfig } from './store-config.js'

/** A bucket that is open. */
export interface Storage extends RemoteBucket {
  /** Ends the embedded store, if it is one. */
  close(): Promise<void>
}

/**
 * Opens the bucket that is configured; with `STORE=local` starts the embedded store.
 * @throws {StartError} when the embedded store cannot start.
 */
export async function openStorage(config: Config, log: Logger): Promise<Storage> {
  switch (config.store.kind) {
    case 'local':
      return startLocal(config, config.store, log)
    case 'cos':
      return { ...(await probedCosStorage(config, config.store, log)), close: async () => undefined }
    case 's3':
      return { ...(await probedS3Storage(config, config.store, log)), close: async () => undefined }
  }
}

/**
 * The bucket that is configured, for a command beside the server: the embedded store is expected to run already.
 * Nothing is to be closed.
 */
export async function reachStorage(config: Config): Promise<Bucket> {
  switch (config.store.kind) {
    case 'local': {
      const { port, secretId, secretKey } = config.store
      const secrets =
        secretId !== undefined && secretKey !== undefined
          ? { secretId, secretKey }
          : await localSecrets(config.dataDir)
      return localBucket(config.store, secrets, localAddress(config.host, port), config.stsEndpoint)
    }
    case 'cos':
      return cosStorage(config.store, config.stsEndpoint)
    case 's3':
      return s3Storage(config.store, config.stsEndpoint)
  }
}

/**
 * The same once an S3 was asked what the server asks it at its start: for a command that completes uploads, which goes by
 * what the store can do.
 * @throws StoreError when the store refuses, or does not answer
 */
export async function reachTriedStorage(config: Config): Promise<Bucket> {
  const bucket = await reachStorage(config)
  if (config.store.kind !== 's3') return bucket
  const { capabilities } = await probeStore(bucket.near, config.uploadKeyPrefix)
  return s3Storage(config.store, config.stsEndpoint, capabilities)
}

type Bucket = RemoteBucket

/** The same once it was tried whether small files may go by forms. */
async function probedCosStorage(config: Config, wanted: CosStoreConfig, log: Logger): Promise<Bucket> {
  const { near } = cosStorage(wanted, config.stsEndpoint)
  const forms = await probeForms(near, config.uploadKeyPrefix)
  log.info({ forms }, 'store capabilities')
  return cosStorage(wanted, config.stsEndpoint, { forms })
}

/** The same once the store was probed for what its documentation does not tell. */
async function probedS3Storage(config: Config, wanted: S3StoreConfig, log: Logger): Promise<Bucket> {
  const bucket = s3Storage(wanted, config.stsEndpoint)
  try {
    const { capabilities } = await probeStore(bucket.near, config.uploadKeyPrefix)
    log.info(capabilities, 'store capabilities')
    if (!capabilities.etagIsMd5 && capabilities.partChecksum === null)
      log.warn('parts cannot be verified; see carryon setup-bucket --check')
    return s3Storage(wanted, config.stsEndpoint, capabilities)
  } catch (error) {
    // A store that cannot be reached is reported where the server waits for it.
    log.warn({ reason: error instanceof Error ? error.message : 'unknown' }, 'the store could not be probed')
    return bucket
  }
}

async function startLocal(config: Config, wanted: LocalStoreConfig, log: Logger): Promise<Storage> {
  const secrets =
    wanted.secretId !== undefined && wanted.secretKey !== undefined
      ? { secretId: wanted.secretId, secretKey: wanted.secretKey }
      : await localSecrets(config.dataDir)
  const local = await startStore({
    directory: join(config.dataDir, 'objects'),
    host: config.host,
    port: wanted.port,
    ...secrets,
    bucket: wanted.bucket,
    region: wanted.region,
    faults: wanted.faults,
    journal: wanted.faults,
    log: (line) => log.debug(line),
  })
  const here = localAddress(config.host, local.port)
  if (isWildcardAddress(config.host) && wanted.publicUrl === undefined) {
    log.warn(
      { store: here },
      'HOST is every address of this machine, which no browser can connect to: only browsers on this machine will find the embedded store. LOCAL_STORE_PUBLIC_URL says where others do',
    )
  }
  return {
    ...localBucket(wanted, secrets, here, config.stsEndpoint),
    summary: `embedded store on ${wanted.publicUrl ?? here}`,
    close: () => local.close(),
  }
}

/** @param here its address on this machine, which this process calls; browsers may have another one */
function localBucket(
  { bucket, region, publicUrl }: LocalStoreConfig,
  secrets: LocalSecrets,
  here: string,
  stsEndpoint: string | undefined,
): Bucket {
  const at = (url: string): StoreLocation => ({ dialect: 'cos', baseUrl: `${url}/${bucket}`, bucket, region })
  const options = {
    location: at(here),
    credentials: { accessKeyId: secrets.secretId, secretAccessKey: secrets.secretKey },
    capabilities: { forms: true },
  }
  const store = createCosStore({ ...options, browserLocation: at(publicUrl ?? here) })
  return {
    store,
    near: createCosStore(options),
    buckets: {},
    sts: cosStsIssuer({ ...secrets, region, endpoint: stsEndpoint ?? here }),
    summary: `embedded store at ${store.location.baseUrl}`,
  }
}

async function startStore(options: LocalCosOptions): Promise<LocalCos> {
  try {
    return await startLocalCos(options)
  } catch (error) {
    if (!(error instanceof LocalStoreStartError)) throw error
    const hint = error.code === 'PORT_TAKEN' ? ' Set LOCAL_STORE_PORT to another one.' : ''
    throw new StartError(`The embedded store did not start. ${error.message}${hint}`, error)
  }
}
