export { createServer } from './server.js'
export type { Server } from './server.js'
export type { LimitOptions, ServerOptions } from './server-options.js'
export type { Authorize, AuthorizedOwner } from './http/authorize.js'
export { headerAuth, headerProblems } from './auth/header-auth.js'
export type { HeaderAuthOptions } from './auth/header-auth.js'
export { httpAuth } from './auth/http-auth.js'
export type { HttpAuthOptions } from './auth/http-auth.js'
export { jwtAuth } from './auth/jwt-auth.js'
export type { JwtAuthOptions } from './auth/jwt-options.js'
export type {
  DoneAnswer,
  HookAnswer,
  HookControl,
  OnDone,
  OnDoneEvent,
  OnOpen,
  OnOpenEvent,
  OpenDecision,
} from './hooks/hook-types.js'
export type { Refusal } from './hooks/refusal.js'
export { hookSecretProblem, HookSignatureError, verifyHook } from './webhooks/signature.js'
export type { VerifiedHook, VerifyHookOptions } from './webhooks/signature.js'
export { webhooks } from './webhooks/webhooks.js'
export type { HookMessage, HookName, WebhookOptions } from './webhooks/webhooks.js'
export { applicationUrlProblems } from './ask-application.js'
export { jwtProblems } from './auth/jwt-options.js'
export type { OwnerLimits } from './limits/owner-limits.js'
export { originProblem } from './http/allowed-origin.js'
export { basePathProblem, pathBelow } from './http/base-path.js'
export { asHost, isLoopback } from './http/host-name.js'
export type { LogEntry } from './log-entry.js'
export { openDatabase } from './repository/database.js'
export type { Database, DatabaseOptions } from './repository/database.js'
export { cosStsIssuer } from './sts/cos-sts-issuer.js'
export type { CosStsOptions } from './sts/cos-sts-issuer.js'
export { s3StsIssuer } from './sts/s3-sts-issuer.js'
export type { S3StsOptions } from './sts/s3-sts-issuer.js'
export { awsCredentials } from './credentials/aws-credentials.js'
export type { AwsCredentialsOptions } from './credentials/aws-credentials.js'
export { cosRoleCredentials } from './credentials/cos-role-credentials.js'
export type { CosRoleOptions } from './credentials/cos-role-credentials.js'
export { MissingPackageError } from './optional-package.js'
export { StsError } from './sts/sts-issuer.js'
export type { IssuedCredentials, StsIssuer, StsRequest, StsScope } from './sts/sts-issuer.js'
export type { PendingDelivery, ServerDeliveries } from './uploads/delivery-list.js'
export type { ListPosition } from './repository/upload-repository.js'
export type {
  ListUploadsQuery,
  OwnedUpload,
  ServerLink,
  ServerLinkOptions,
  ServerUploads,
  UploadsPage,
} from './uploads/server-uploads.js'
export type { SweepReport } from './uploads/sweep.js'
export type { Unfinished, UnfinishedUpload } from './uploads/unfinished.js'
