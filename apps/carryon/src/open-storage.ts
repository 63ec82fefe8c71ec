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

/** An open bucket. */
export interface Storage extends RemoteBucket {
  /** Stops the embedded store, if that is the configured one. */
  close(): Promise<void>
}

/**
 * Opens the configured bucket; with `STORE=local` starts the embedded store.
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
 * The configured bucket, for a command that runs beside the server. Expects the embedded store to be running. The result
 * need not be closed.
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
 * Like {@link reachStorage}, but probes an S3 store as the server does at its start. For a command that completes uploads,
 * which depends on the store's capabilities.
 * @throws StoreError when the store refuses or does not respond
 */
export async function reachTriedStorage(config: Config): Promise<Bucket> {
  const bucket = await reachStorage(config)
  if (config.store.kind !== 's3') return bucket
  const { capabilities } = await probeStore(bucket.near, config.uploadKeyPrefix)
  return s3Storage(config.store, config.stsEndpoint, capabilities)
}

type Bucket = RemoteBucket

/** The COS bucket after probing whether it accepts small files as forms. */
async function probedCosStorage(config: Config, wanted: CosStoreConfig, log: Logger): Promise<Bucket> {
  const { near } = cosStorage(wanted, config.stsEndpoint)
  const forms = await probeForms(near, config.uploadKeyPrefix)
  log.info({ forms }, 'store capabilities')
  return cosStorage(wanted, config.stsEndpoint, { forms })
}

/** The S3 bucket after probing the store for capabilities that its documentation does not state. */
async function probedS3Storage(config: Config, wanted: S3StoreConfig, log: Logger): Promise<Bucket> {
  const bucket = s3Storage(wanted, config.stsEndpoint)
  try {
    const { capabilities } = await probeStore(bucket.near, config.uploadKeyPrefix)
    log.info(capabilities, 'store capabilities')
    if (!capabilities.etagIsMd5 && capabilities.partChecksum === null)
      log.warn('parts cannot be verified; see carryon setup-bucket --check')
    return s3Storage(wanted, config.stsEndpoint, capabilities)
  } catch (error) {
    // Not fatal: the server reports an unreachable store when it waits for the store.
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

/** @param here the store's address on this machine, which this process uses; that for browsers may differ */
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
