import { expect, test } from 'vitest'
import { bucketCommand } from '../../apps/carryon/src/bucket-command.js'
import { readConfig } from '../../apps/carryon/src/config.js'
import type { Ceph } from './ceph.js'

/** Tests `carryon setup-bucket` on a store that is not ours. */
export function bucketSetup(ceph: () => Ceph): void {
  const environment = (bucket: string) => ({
    ...ceph().environment(bucket, 'role'),
    ALLOWED_ORIGINS: 'https://app.example.com',
  })

  test('checks, sets what is missing, and is content then', async () => {
    const bucket = await ceph().createBucket()
    const config = readConfig(environment(bucket))
    const printed: string[] = []
    const print = (line: string) => void printed.push(line)
    expect(await bucketCommand(config, true, print)).toBe(false)
    expect(printed.filter((line) => line.startsWith('problem'))).toHaveLength(2)
    // Results for Ceph release 16.
    expect(printed).toEqual(
      expect.arrayContaining([
        'store    S3-compatible: parts of 5 MiB to 5 GiB, at most 10000, files up to 5 TiB',
        'yes      the ETag of a part is its MD5',
        'yes      a PUT that must not overwrite is refused',
        'no       a complete that must not overwrite is refused',
        'yes      no client can add headers to a signed PUT',
        'no       the CRC-64 of a part is answered',
        'yes      STS: credentials for one key (without: signed part URLs)',
      ]),
    )
    expect(await bucketCommand(config, false, print)).toBe(true)
    expect(await bucketCommand(config, true, print)).toBe(true)
    expect(await ceph().open(bucket).getAbortIncompleteDays('uploads/')).toBe(30)
  })

  test.each([
    [{ S3_BUCKET: 'missing' }, 'make the bucket'],
    [{ S3_SECRET_ACCESS_KEY: 'wrong' }, 'check the secret key'],
    [{ S3_ROLE_ARN: 'arn:aws:iam:::role/nobody' }, 'no credentials for a browser'],
  ])('names what is wrong with %j', async (wrong, message) => {
    const bucket = await ceph().createBucket()
    const printed: string[] = []
    const config = readConfig({ ...environment(bucket), ...wrong })
    expect(await bucketCommand(config, true, (line) => printed.push(line))).toBe(false)
    expect(printed.join('\n')).toContain(message)
  })

  test('warns of a bucket that keeps versions', async () => {
    const bucket = await ceph().createBucket()
    const put = { method: 'PUT', key: '', query: { versioning: '' }, expiresIn: 60 } as const
    const { url } = await ceph().open(bucket).presign(put)
    const body =
      '<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Status>Enabled</Status></VersioningConfiguration>'
    expect((await fetch(url, { method: 'PUT', body })).status).toBe(200)
    const printed: string[] = []
    await bucketCommand(readConfig(environment(bucket)), true, (line) => printed.push(line))
    expect(printed.join('\n')).toContain('versioning is on')
  })
}
