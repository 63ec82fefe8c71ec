import type { CredentialProvider } from '@carryon/object-store'
import { askApplication } from '../ask-application.js'
import { parsedJson } from '../parsed-json.js'
import { StsError } from '../sts/sts-issuer.js'

/** Options of {@link cosRoleCredentials}. */
export interface CosRoleOptions {
  /** Name of the role bound to the machine. @default the one that the metadata service names */
  readonly role?: string
  /** Base URL of the metadata service. @default 'http://metadata.tencentyun.com' */
  readonly endpoint?: string
}

/** Milliseconds. The service is in the machine's local network. */
const timeout = 5_000
const largestAnswer = 16_384

/**
 * Credentials of the CAM role bound to this CVM, container or cluster node, from its metadata service (Tencent Cloud
 * 598/85616). They are renewed before they expire.
 *
 * STS does not accept them (GetFederationToken requires permanent keys): a server that uses them needs `sts: null`, and
 * browsers get signed part URLs.
 *
 * @example createCosStore({ location, credentials: cosRoleCredentials() })
 */
export function cosRoleCredentials(options: CosRoleOptions = {}): CredentialProvider {
  const { endpoint = 'http://metadata.tencentyun.com' } = options
  const base = `${endpoint.replace(/\/+$/u, '')}/latest/meta-data/cam/security-credentials/`
  return async () => {
    const role = options.role ?? (await ask(base, 'the role bound to this machine')).trim().split('\n', 1)[0]
    if (role === undefined || role === '') throw unavailable('no role is bound to this machine')
    const answer = membersIn(
      await ask(base + encodeURIComponent(role), `the credentials of the role ${role}`),
    )
    const {
      TmpSecretId: accessKeyId,
      TmpSecretKey: secretAccessKey,
      Token: sessionToken,
      ExpiredTime: expiresAt,
    } = answer
    if (
      typeof accessKeyId !== 'string' ||
      typeof secretAccessKey !== 'string' ||
      typeof sessionToken !== 'string' ||
      typeof expiresAt !== 'number'
    ) {
      throw unavailable(`the metadata service has no credentials for the role ${role}`)
    }
    return { accessKeyId, secretAccessKey, sessionToken, expiresAt }
  }
}

async function ask(url: string, what: string): Promise<string> {
  const answer = await askApplication({ url, method: 'GET', headers: {}, timeout, largestAnswer }).catch(
    (error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error)
      throw unavailable(`${what} could not be read: ${reason}`, error)
    },
  )
  if (answer.status === 200) return answer.text
  throw unavailable(`${what} could not be read: the metadata service answered ${answer.status}`)
}

function unavailable(reason: string, cause?: unknown): StsError {
  return new StsError(`no credentials: ${reason}. Bind a CAM role to this machine, or set a permanent key`, {
    code: 'CredentialsUnavailable',
    retryable: true,
    cause,
  })
}

function membersIn(text: string): Readonly<Record<string, unknown>> {
  const value = parsedJson(text)
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
