export type * from './duplicate-types.js'
export { noteHandle } from './extensions/local-copies/file-handles.js'
export type * from './extensions/local-copies/copy-storage.js'
export type * from './extensions/queue/pick-store.js'
export { createUploader, createUploaderWith } from './create-uploader.js'
export type * from './uploader-extensions.js'
export { localCopies } from './extensions/local-copies/index.js'
export { resumeMemory } from './extensions/resume-memory/index.js'
export { pickQueue } from './extensions/queue/index.js'
export { tabs } from './extensions/tabs/index.js'
export type * from './uploader-types.js'
export type * from './unfinished-types.js'
export type { RetryOptions } from './core/retry-policy.js'
export { UploadError } from './upload-types.js'
export type * from './upload-types.js'
export { BackendError } from './core/backend-error.js'
export type * from './backend/upload-backend.js'
export type {
  AccessGrant,
  BatchedComplete,
  BatchedOpen,
  Checksums,
  CompleteRequest,
  DuplicatesFound,
  ErrorCode,
  FileLimits,
  LimitsAnswer,
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
export type { TabChannel } from './extensions/tabs/tab-channel.js'
export { TransportError } from './ports.js'
export type * from './ports.js'
