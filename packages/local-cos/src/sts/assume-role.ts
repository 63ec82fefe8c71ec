import type { Account } from './account.js'
import { StsError } from './request-signatures.js'
import { decodePolicy, durationOf, issueCredential } from './temporary-credential.js'

const durations = { usual: 7200, longest: 43_200 }
/** ARN of a role by id or name, possibly a service role. */
const roleArn =
  /^qcs::cam::uin\/\d{1,20}:role(?:Name)?\/(?:tencentcloudServiceRole(?:Name)?\/)?[\w+=,.@-]{1,128}$/
const sessionName = /^[\w+=,.@-]{2,128}$/

/** This store has no roles: each may do what the account may, unless the request's policy restricts it. */
const everything = JSON.stringify({
  version: '2.0',
  statement: [{ effect: 'allow', action: ['*'], resource: ['*'] }],
})

/** https://cloud.tencent.com/document/product/1312/48197 */
export function assumeRole(
  parameter: (name: string) => string | undefined,
  account: Account,
  now: number,
): object {
  const [arn, name] = ['RoleArn', 'RoleSessionName'].map((wanted) => {
    const value = parameter(wanted) ?? ''
    if (value === '') throw new StsError('MissingParameter', `${wanted} is missing.`)
    return value
  })
  // "It is to be encoded" as part of a URL; some callers send it unencoded.
  if (!roleArn.test((arn ?? '').replaceAll('%3A', ':').replaceAll('%2F', '/'))) {
    throw new StsError(
      'InvalidParameter.ResouceNotMatch',
      'RoleArn must be qcs::cam::uin/<account>:roleName/<name> or …:role/<id>.',
    )
  }
  if (!sessionName.test(name ?? '')) {
    throw new StsError(
      'InvalidParameter.ParamError',
      'RoleSessionName has 2 to 128 letters, digits and _ + = , . @ -',
    )
  }
  const policy = parameter('Policy') ?? ''
  const duration = durationOf(parameter('DurationSeconds'), durations)
  return issueCredential(account, policy === '' ? everything : decodePolicy(policy), duration, now)
}
