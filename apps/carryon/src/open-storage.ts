import { join } from 'node:path'
import { StartError as LocalStoreStartError, startLocalCos } from '@carryon/local-cos'
import type { LocalCos, LocalCosOptions } from '@carryon/local-cos'
import {
  cosLocation,
  createCosStore,
  createS3Store,
  probeForms,
  probeStore,
  s3Location,
} from '@carryon/object-store'
import type { ObjectStore, StoreCapabilities } from '@carryon/object-store'
import { cosStsIssuer, s3StsIssuer } from '@carryon/server'
import type { StsIssuer } from '@carryon/server'
import type { Logger } from 'pino'
import type { Config } from './config.js'
import { localAddress } from './local-address.js'
import { isWildcardAddress } from './address-config.js'
import { localSecrets } from './local-secrets.js'
import type { LocalSecrets } from './local-secrets.js'
import { StartError } from './start-error.js'
import type { CosStoreConfig, LocalStoreConfig, S3StoreConfig } from './store-config.js'

/** Where files are stored, and who issues credentials for it. */
export interface Storage {
  readonly store: ObjectStore
  /** `null`: browsers get signed part URLs. */
  readonly sts: StsIssuer | null
  /** For the line that says the command is ready. */
  readonly summary: string
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
  const { capabilities } = await probeStore(bucket.store, config.uploadKeyPrefix)
  return s3Storage(config.store, config.stsEndpoint, capabilities)
}

type Bucket = Omit<Storage, 'close'>

/** The same once it was tried whether small files may go by forms. */
async function probedCosStorage(config: Config, wanted: CosStoreConfig, log: Logger): Promise<Bucket> {
  const { store } = cosStorage(wanted, config.stsEndpoint)
  const forms = await probeForms(store, config.uploadKeyPrefix)
  log.info({ forms }, 'store capabilities')
  return cosStorage(wanted, config.stsEndpoint, { forms })
}

function cosStorage(
  { bucket, region, secretId, secretKey, endpoint }: CosStoreConfig,
  stsEndpoint: string | undefined,
  capabilities: Partial<StoreCapabilities> = {},
): Bucket {
  const location = cosLocation({ bucket, region, ...(endpoint === undefined ? {} : { endpoint }) })
  return {
    store: createCosStore({
      location,
      credentials: { accessKeyId: secretId, secretAccessKey: secretKey },
      capabilities,
    }),
    sts: cosStsIssuer({
      secretId,
      secretKey,
      region,
      ...(stsEndpoint === undefined ? {} : { endpoint: stsEndpoint }),
    }),
    summary: `bucket ${bucket} in ${region}`,
  }
}

/** The same once the store was probed for what its documentation does not tell. */
async function probedS3Storage(config: Config, wanted: S3StoreConfig, log: Logger): Promise<Bucket> {
  const bucket = s3Storage(wanted, config.stsEndpoint)
  try {
    const { capabilities } = await probeStore(bucket.store, config.uploadKeyPrefix)
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

function s3Storage(
  wanted: S3StoreConfig,
  stsEndpoint: string | undefined,
  capabilities: Partial<StoreCapabilities> = {},
): Bucket {
  const { bucket, region, accessKeyId, secretAccessKey, endpoint, forcePathStyle, roleArn } = wanted
  const location = s3Location({
    bucket,
    region,
    forcePathStyle,
    ...(endpoint === undefined ? {} : { endpoint }),
  })
  const credentials = { accessKeyId, secretAccessKey }
  // Ceph and MinIO serve the STS where they serve S3.
  const sts = stsEndpoint ?? endpoint
  return {
    store: createS3Store({ location, credentials, capabilities }),
    sts:
      roleArn === undefined
        ? null
        : s3StsIssuer({ ...credentials, region, roleArn, ...(sts === undefined ? {} : { endpoint: sts }) }),
    summary: `bucket ${location.baseUrl}, ${roleArn === undefined ? 'by signed part URLs' : `as ${roleArn}`}`,
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
  const storeAt = (url: string): ObjectStore =>
    createCosStore({
      location: { dialect: 'cos', baseUrl: `${url}/${bucket}`, bucket, region },
      credentials: { accessKeyId: secrets.secretId, secretAccessKey: secrets.secretKey },
      capabilities: { forms: true },
    })
  const near = storeAt(here)
  const seen = publicUrl === undefined ? near : storeAt(publicUrl)
  return {
    // What browsers are given is signed for the address that they call: a signature covers the host.
    store: {
      ...near,
      location: seen.location,
      presign: (request) => seen.presign(request),
      presignForm: (request) => seen.presignForm(request),
    },
    sts: cosStsIssuer({ ...secrets, region, endpoint: stsEndpoint ?? here }),
    summary: `embedded store at ${seen.location.baseUrl}`,
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
