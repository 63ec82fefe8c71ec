import type { Uploader, UploaderOptions } from './uploader-types.js'

/**
 * Creates an uploader; one per page is enough.
 *
 * @example
 * const uploader = createUploader({ backend: '/api' })
 * const upload = uploader.upload(file)
 * upload.on('change', ({ state, progress }) => console.log(state, progress.percent))
 * const { url } = await upload.done
 */
export function createUploader(options: UploaderOptions): Uploader {
  throw new Error(`not built yet (backend ${typeof options.backend})`)
}
