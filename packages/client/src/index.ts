export type * from './duplicate-types.js'
export { noteHandle } from './kept/file-handles.js'
export type * from './kept/keeping.js'
export type * from './queue/pick-store.js'
export { createUploader } from './uploader.js'
export type * from './uploader-types.js'
export { UploadError } from './upload-types.js'
export type * from './upload-types.js'
export { BackendError } from './backend/backend-error.js'
export type * from './backend/upload-backend.js'
export type {
  AccessGrant,
  BatchedComplete,
  BatchedOpen,
  Checksums,
  CompleteRequest,
  DuplicatesFound,
  ErrorCode,
  ListQuery,
  OpenedUpload,
  OpenRequest,
  RegisteredDuplicate,
  RegisteredState,
  RegisteredUpload,
  AccessAnswer,
  StoredPartInfo,
  UploadMode,
  UploadPage,
} from '@carryon/protocol'
export { httpBackend } from './backend/http-backend.js'
export type { HttpBackendOptions } from './backend/http-backend.js'
export type { OwnerMemory } from './backend/owner-key.js'
export type { TabChannel } from './tabs/tab-channel.js'
export { TransportError } from './seams.js'
export type * from './seams.js'
