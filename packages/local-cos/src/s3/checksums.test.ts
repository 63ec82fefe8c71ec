import { describe, expect, it } from 'vitest'
import { checksumHeaders, createChecksum } from './checksums.js'

/** Checksums of `123456789` from the CRC catalogue and FIPS 180. */
const ofDigits: Readonly<Record<string, string>> = {
  'x-amz-checksum-crc32': 'cbf43926',
  'x-amz-checksum-crc32c': 'e3069283',
  'x-amz-checksum-crc64nvme': 'ae8b14860a799888',
  'x-amz-checksum-sha1': 'f7c3bc1d808e04732adf679965ccc34ca7ae3441',
  'x-amz-checksum-sha256': '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225',
}

describe('the checksums of S3', () => {
  it.each(checksumHeaders)('%s', async (header) => {
    const checksum = await createChecksum(header)
    checksum?.update(Buffer.from('1234'))
    checksum?.update(Buffer.from('56789'))
    expect(Buffer.from(checksum?.digest() ?? '', 'base64').toString('hex')).toBe(ofDigits[header])
  })
})
