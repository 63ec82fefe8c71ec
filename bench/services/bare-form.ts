import { createHash, createHmac } from 'node:crypto'
import { account } from './account.js'

/** To be sent by POST as `multipart/form-data`, the body last, as the field `file`. */
export interface BareForm {
  readonly url: string
  readonly fields: Readonly<Record<string, string>>
}

/**
 * A form for one object (COS 436/14690) whose policy says nothing of what is in it, as nobody has read that yet. The
 * product's own forms name length and MD5.
 *
 * @param bucketUrl where browsers reach the bucket
 * @param lifetime seconds
 */
export function bareForm(bucketUrl: string, key: string, lifetime: number): BareForm {
  const now = Math.floor(Date.now() / 1000)
  const keyTime = `${now - 60};${now + lifetime}`
  const named = { 'q-sign-algorithm': 'sha1', 'q-ak': account.secretId }
  const policy = JSON.stringify({
    expiration: new Date((now + lifetime) * 1000).toISOString(),
    conditions: [
      { bucket: account.bucket },
      { key },
      ...Object.entries(named).map(([name, value]) => ({ [name]: value })),
      { 'q-sign-time': keyTime },
    ],
  })
  const signKey = createHmac('sha1', account.secretKey).update(keyTime).digest('hex')
  const signature = createHmac('sha1', signKey)
    .update(createHash('sha1').update(policy).digest('hex'))
    .digest('hex')
  return {
    url: bucketUrl,
    fields: {
      key,
      policy: Buffer.from(policy).toString('base64'),
      ...named,
      'q-key-time': keyTime,
      'q-signature': signature,
    },
  }
}
