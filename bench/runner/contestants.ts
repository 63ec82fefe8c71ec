import type { Variant } from './run-upload.js'

const MiB = 1024 * 1024

export const carryon: Variant = { label: 'Carryon', contestant: 'carryon', settings: {} }

/** With the network type that Chromium would report on a slow line. On loopback it cannot estimate one. */
export const carryonToldOf3g: Variant = {
  ...carryon,
  label: 'Carryon, where the browser says 3g',
  connection: { effectiveType: '3g' },
}

/** The defaults of `new COS({getAuthorization})`: parts of 1 MiB, three at once. */
export const cosJsSdkDefaults: Variant = {
  label: 'cos-js-sdk-v5, defaults',
  contestant: 'cos-js-sdk',
  settings: {},
}

/**
 * Its documented options (436/11459: `ChunkSize`, `ChunkParallelLimit`, `FileParallelLimit`), set to use six
 * connections, as many as a browser opens.
 */
export const cosJsSdkTuned: Variant = tunedTo(8 * MiB, 6)

/** The same options, with the part size and lanes that a sweep found fastest for the bare PUTs of `limit`. */
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

/** Carryon with the part size that is fastest for the bare PUTs of `limit`, as an application could set it. */
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
 * The limit, with everything that is sent also read a second time and hashed.
 *
 * @param digest the checksum that the store returns for each part: COS returns the CRC-64, many S3 stores only the MD5
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

/** Small files sent as forms, which need no preflight, and all hashed: the minimum for verified small files. */
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

/** Its `partSize` and `queueSize`, set to use six connections. */
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

/** Larger parts, so that there are fewer waits between them: its parallelism cannot be set. */
export const uppyTuned: Variant = {
  label: 'Uppy aws-s3, tuned',
  contestant: 'uppy-aws-s3',
  settings: { chunkSize: 32 * MiB },
}

/**
 * Not tuned: its documentation advises against setting a chunk size, and its S3 store cannot join parallel uploads.
 */
export const tusRelay: Variant = { label: 'tus through the server', contestant: 'tus', settings: {} }
