import type { Variant } from './run-upload.js'

const MiB = 1024 * 1024

export const carryon: Variant = { label: 'Carryon', contestant: 'carryon', settings: {} }

/** Where the browser knows the line, as Chromium does of such a one. Of loopback it learns nothing. */
export const carryonToldOf3g: Variant = {
  ...carryon,
  label: 'Carryon, where the browser says 3g',
  connection: { effectiveType: '3g' },
}

/** As `new COS({getAuthorization})` comes: parts of 1 MiB, three at once. */
export const cosJsSdkDefaults: Variant = {
  label: 'cos-js-sdk-v5, defaults',
  contestant: 'cos-js-sdk',
  settings: {},
}

/**
 * Its documented options (436/11459: `ChunkSize`, `ChunkParallelLimit`, `FileParallelLimit`) at the values that fill six
 * connections, as many as browsers open.
 */
export const cosJsSdkTuned: Variant = tunedTo(8 * MiB, 6)

/** The same options at the part size and lanes that a sweep found best for the bare PUTs of `limit`. */
export function cosJsSdkTunedAs({ settings }: Variant): Variant {
  return tunedTo(settings['partSize'] ?? NaN, settings['lanes'] ?? NaN)
}

function tunedTo(partSize: number, lanes: number): Variant {
  return {
    label: 'cos-js-sdk-v5, tuned',
    contestant: 'cos-js-sdk',
    settings: { ChunkSize: partSize, ChunkParallelLimit: lanes, FileParallelLimit: lanes },
  }
}

/** With the part size that is best for the bare PUTs of `limit`, where an application sets one. */
export function carryonTunedAs({ settings }: Variant): Variant {
  return {
    label: 'Carryon, parts as the limit’s',
    contestant: 'carryon',
    settings: { partSize: settings['partSize'] ?? NaN },
  }
}

/** @param partSize bytes */
export function limit(partSize: number, lanes: number): Variant {
  return {
    label: `the limit (${partSize / MiB} MiB × ${lanes})`,
    contestant: 'limit',
    settings: { partSize, lanes },
  }
}

/**
 * The same with all that is sent read a second time and hashed.
 *
 * @param digest what the store answers of each part; COS the CRC-64, many S3 stores the MD5 alone
 */
export function verifiedLimit({ settings }: Variant, digest: 'crc64' | 'md5' = 'crc64'): Variant {
  return {
    label: 'the limit, all of it hashed',
    contestant: 'verified-limit',
    settings: { ...settings, md5: digest === 'md5' ? 1 : 0 },
  }
}

/** The limit for whole small files. */
export const limitWholeFiles: Variant = {
  label: 'the limit (6 at once)',
  contestant: 'limit',
  settings: { partSize: 0, lanes: 6 },
}

/** The same as forms, which go without a preflight, and all of it hashed: the least that verified small files take. */
export const verifiedForms: Variant = {
  label: 'bare forms, all of it hashed',
  contestant: 'verified-limit',
  settings: { ...limitWholeFiles.settings, forms: 1 },
}

/** Parts of 5 MiB, four at once. */
export const libStorageDefaults: Variant = {
  label: '@aws-sdk/lib-storage, defaults',
  contestant: 'aws-lib-storage',
  settings: {},
}

/** Its `partSize` and `queueSize` at the values that fill six connections. */
export const libStorageTuned: Variant = {
  label: '@aws-sdk/lib-storage, tuned',
  contestant: 'aws-lib-storage',
  settings: { partSize: 8 * MiB, queueSize: 6 },
}

/** Parts of 5 MiB above 100 MB, one after the other. */
export const uppyDefaults: Variant = {
  label: 'Uppy aws-s3, defaults',
  contestant: 'uppy-aws-s3',
  settings: {},
}

/** Larger parts, as there is no parallelism to choose: fewer waits between them. */
export const uppyTuned: Variant = {
  label: 'Uppy aws-s3, tuned',
  contestant: 'uppy-aws-s3',
  settings: { chunkSize: 32 * MiB },
}

/** Its documentation advises against setting a chunk size, and its S3 store cannot join parallel uploads. */
export const tusRelay: Variant = { label: 'tus through the server', contestant: 'tus', settings: {} }
