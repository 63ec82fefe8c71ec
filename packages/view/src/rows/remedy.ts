import type { UploadErrorCode } from '@carryon/client'

/** What a reader can do in the row of a failed upload: try again, choose the file again, or only remove it. */
export type Remedy = 'retry' | 'pick-again' | 'none'

/** Errors that may be resolved by a person (signing in, freeing space) can be retried too, not only those that may pass by themselves. */
export function remedyFor(code: UploadErrorCode): Remedy {
  switch (code) {
    case 'file-changed':
    case 'file-unreadable':
    case 'permission-denied':
      return 'pick-again'
    case 'file-too-large':
    case 'invalid-request':
    case 'unsupported-browser':
    case 'cancelled':
      return 'none'
    case 'network':
    case 'unauthorized':
    case 'forbidden':
    case 'forbidden-origin':
    case 'upload-gone':
    case 'checksum-mismatch':
    case 'store-denied':
    case 'store-full':
    case 'store-unavailable':
    case 'store-misconfigured':
    case 'server-error':
    case 'unexpected-answer':
    case 'insecure-connection':
    case 'page-outdated':
    case 'internal':
      return 'retry'
  }
}
