import type { Variant } from './run-upload.js'

const MiB = 1024 * 1024

export const carryon: Variant = { label: 'Carryon', contestant: 'carryon', settings: {} }

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
export const cosJsSdkTuned: Variant = {
  label: 'cos-js-sdk-v5, tuned',
  contestant: 'cos-js-sdk',
  settings: { ChunkSize: 8 * MiB, ChunkParallelLimit: 6, FileParallelLimit: 6 },
}

/** @param partSize bytes */
export function limit(partSize: number, lanes: number): Variant {
  return {
    label: `the limit (${partSize / MiB} MiB × ${lanes})`,
    contestant: 'limit',
    settings: { partSize, lanes },
  }
}

/** The limit for whole small files. */
export const limitWholeFiles: Variant = {
  label: 'the limit (6 at once)',
  contestant: 'limit',
  settings: { partSize: 0, lanes: 6 },
}
