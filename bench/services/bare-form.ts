import { createHash, createHmac } from 'node:crypto'
import { account } from './account.js'

/** A signed form. Send it by POST as `multipart/form-data`, with the body as the last field, `file`. */
export interface BareForm {
  readonly url: string
  readonly fields: Readonly<Record<string, string>>
}

/**
 * Signs a form for one object (COS 436/14690). Its policy does not restrict the content, which has not been read yet;
 * the product's own forms state length and MD5.
 *
 * @param bucketUrl URL under which browsers reach the bucket
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
