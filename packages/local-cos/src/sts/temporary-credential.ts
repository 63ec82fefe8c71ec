import { randomBytes } from 'node:crypto'
import { parsePolicy } from '../policy.js'
import { PolicyError } from '../policy-error.js'
import type { Account } from './account.js'
import { StsError } from './request-signatures.js'

/** "The token has at most 4 096 bytes." Sealing makes a policy a third larger. */
const maxPolicyLength = 2500

/** Allowed lifetimes of an action's credentials, in seconds. */
export interface Durations {
  readonly usual: number
  readonly longest: number
}

/** @throws {@link StsError} `InvalidParameter.OverTimeError` */
export function durationOf(text: string | undefined, { usual, longest }: Durations): number {
  const duration = text === undefined ? usual : Number(text)
  if (Number.isInteger(duration) && duration >= 1 && duration <= longest) return duration
  throw new StsError(
    'InvalidParameter.OverTimeError',
    `DurationSeconds is a whole number from 1 to ${longest}.`,
  )
}

/**
 * Creates a temporary key with the permissions of the policy, in the form both actions answer.
 *
 * @param policy its JSON, already checked.
 * @param now milliseconds since the epoch.
 */
export function issueCredential(account: Account, policy: string, duration: number, now: number): object {
  const expiresAt = Math.floor(now / 1000) + duration
  const credential = {
    id: `AKID${randomBytes(24).toString('hex')}`,
    secretKey: randomBytes(24).toString('base64url'),
    expiresAt,
    policy,
  }
  return {
    Credentials: {
      Token: account.tokens.seal(credential),
      TmpSecretId: credential.id,
      TmpSecretKey: credential.secretKey,
    },
    ExpiredTime: expiresAt,
    Expiration: new Date(expiresAt * 1000).toISOString().replace('.000Z', 'Z'),
  }
}

/**
 * "The policy must be URL-encoded" (1312/48195); some callers send it unencoded.
 *
 * @returns the policy's JSON, checked.
 * @throws {@link StsError} `InvalidParameter.StrategyFormatError`, `InvalidParameter.PolicyTooLong`
 */
export function decodePolicy(text: string): string {
  try {
    const json = text.trimStart().startsWith('{') ? text : decodeURIComponent(text)
    parsePolicy(json)
    const compact = JSON.stringify(JSON.parse(json))
    if (compact.length > maxPolicyLength) {
      throw new StsError(
        'InvalidParameter.PolicyTooLong',
        `The policy is longer than ${maxPolicyLength} characters.`,
      )
    }
    return compact
  } catch (error) {
    if (error instanceof PolicyError || error instanceof URIError) {
      throw new StsError(
        'InvalidParameter.StrategyFormatError',
        `The policy cannot be used: ${error.message}.`,
      )
    }
    throw error
  }
}
