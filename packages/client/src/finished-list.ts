import type { LimitsAnswer } from '@carryon/protocol'
import type { UploadBackend } from './backend/upload-backend.js'
import { BackendError } from './core/backend-error.js'
import type { StoreConnection } from './store-connection.js'
import { finishedUploadOf } from './upload/upload-result.js'
import { UploadError } from './upload-types.js'
import type { FinishedUpload } from './upload-types.js'
import type { FinishedPage, FinishedQuery } from './uploader-types.js'

/** What the calls for finished uploads need. */
export interface FinishedContext {
  readonly backend: UploadBackend
  readonly storeConnection: StoreConnection
}

/** Lists this owner's finished uploads, newest first. */
export async function listFinished(
  { backend, storeConnection }: FinishedContext,
  query: FinishedQuery,
  signal: AbortSignal,
): Promise<FinishedPage> {
  const page = await backend.list({ state: 'done', ...query }, signal)
  storeConnection.learn(page.storeOrigin)
  const uploads = page.uploads.map(finishedUploadOf).filter((upload) => upload !== null)
  return { uploads, next: page.next }
}

/** Removes a finished upload for good. */
export async function removeFinished(
  { backend }: FinishedContext,
  id: string,
  signal: AbortSignal,
): Promise<void> {
  if (backend.remove === undefined) throw notOffered()
  await backend.remove(id, signal)
}

/** Renames a finished upload. */
export async function renameFinished(
  { backend }: FinishedContext,
  id: string,
  name: string,
  signal: AbortSignal,
): Promise<FinishedUpload> {
  const renamed = await backend.rename?.(id, name, signal)
  const finished = renamed === undefined ? null : finishedUploadOf(renamed)
  if (finished === null) throw notOffered()
  return finished
}

/** The owner's limits; `null` if the server does not report them. */
export async function askLimits(
  { backend }: FinishedContext,
  signal: AbortSignal,
): Promise<LimitsAnswer | null> {
  try {
    return (await backend.limits?.(signal)) ?? null
  } catch (error) {
    if (error instanceof BackendError && error.status === 404) return null
    throw error
  }
}

function notOffered(): UploadError {
  return new UploadError('invalid-request', 'This server does not offer that for finished uploads.')
}
