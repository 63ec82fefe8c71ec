import { localCopies } from './extensions/local-copies/index.js'
import { resumeMemory } from './extensions/resume-memory/index.js'
import { pickQueue } from './extensions/queue/index.js'
import { tabs } from './extensions/tabs/index.js'
import { assembleUploader } from './uploader.js'
import type { UploaderExtensions } from './uploader-extensions.js'
import type { Uploader, UploaderOptions } from './uploader-types.js'

/**
 * Creates an uploader; one per page is enough.
 *
 * @throws RangeError when an option is out of its range
 * @example
 * const uploader = createUploader({ backend: '/api' })
 * const upload = uploader.upload(file)
 * upload.on('change', ({ state, progress }) => console.log(state, progress.percent))
 * const { url } = await upload.done
 */
export function createUploader(options: UploaderOptions): Uploader {
  return assembleUploader(options, { localCopies, pickQueue, resumeMemory, tabs })
}

/**
 * Creates an uploader with only the given extensions. A bundler leaves the others out of the page.
 *
 * @throws RangeError when an option is out of its range
 * @example
 * const uploader = createUploaderWith({ resumeMemory }, { backend: '/api' })
 */
export function createUploaderWith(extensions: UploaderExtensions, options: UploaderOptions): Uploader {
  return assembleUploader(options, extensions)
}
