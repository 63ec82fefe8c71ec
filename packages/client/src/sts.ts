/** For applications that have an STS endpoint and no server of this project. */
export { stsBackend } from './sts/sts-backend.js'
export { cosCompat } from './sts/cos-compat.js'
export type { CosCompatOptions } from './sts/cos-compat.js'
export type { CredentialsRequest, StsBackendOptions } from './sts/sts-options.js'
export type { StsAnswer } from './sts/credentials-answer.js'
export type { StsRecord, StsRecords } from './sts/sts-records.js'
