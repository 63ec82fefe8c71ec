import { BackendError } from '../core/backend-error.js'

/** Node's error codes for invalid certificates, and for servers that do not speak TLS or HTTP. */
const untrusted = /CERT|^ERR_(?:SSL|TLS)|SELF_SIGNED|^UNABLE_TO_|^EPROTO$|^HPE_/

/**
 * Why a request got no answer, as far as the platform reports it: browsers only report that it failed, Node has an
 * error code.
 *
 * @param asked method and address, for the message
 */
export function noAnswer(error: unknown, asked: string): BackendError {
  const { message, code } = innermost(error)
  const said = code === '' || message.includes(code) ? message : `${message} (${code})`
  const cause = { cause: error }
  if (code === 'ERR_INVALID_URL') {
    return new BackendError('page-error', `The server's address is none (${asked}): ${said}`, cause)
  }
  if (untrusted.test(code)) {
    return new BackendError(
      'insecure',
      `There is no secure connection to the server (${asked}): ${said}. Is its certificate valid, ` +
        "does it speak HTTPS there, is this device's clock right?",
      cause,
    )
  }
  const advice = code === 'ENOTFOUND' ? ' Is the name spelt right?' : ''
  return new BackendError('network', `The server cannot be reached (${asked}): ${said}.${advice}`, cause)
}

/** The innermost cause: Node's `fetch` wraps the original error. */
function innermost(error: unknown): { readonly message: string; readonly code: string } {
  let inner = error
  for (let depth = 0; depth < 5 && inner instanceof Error && inner.cause instanceof Error; depth++)
    inner = inner.cause
  const code: unknown = inner instanceof Error ? Reflect.get(inner, 'code') : undefined
  return {
    message: inner instanceof Error ? inner.message : String(inner),
    code: typeof code === 'string' ? code : '',
  }
}
