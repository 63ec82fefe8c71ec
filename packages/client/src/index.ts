export type * from './upload-types.js'
export { UploadError } from './upload-types.js'
export type * from './upload-backend.js'
