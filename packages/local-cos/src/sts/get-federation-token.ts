import type { Account } from './account.js'
import { StsError } from './request-signatures.js'
import { decodePolicy, durationOf, issueCredential } from './temporary-credential.js'

const durations = { usual: 1800, longest: 129_600 }

/** https://cloud.tencent.com/document/product/1312/48195 */
export function getFederationToken(
  parameter: (name: string) => string | undefined,
  account: Account,
  now: number,
): object {
  if ((parameter('Name') ?? '') === '') throw new StsError('MissingParameter', 'Name is missing.')
  const policy = parameter('Policy') ?? ''
  if (policy === '') throw new StsError('MissingParameter', 'Policy is missing.')
  const duration = durationOf(parameter('DurationSeconds'), durations)
  return issueCredential(account, decodePolicy(policy), duration, now)
}
