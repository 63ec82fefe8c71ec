import { Crc64NvmeJs } from '@aws-sdk/checksums/crc'

/** CRC-64/NVME as S3 writes it, by Amazon's own code and none of ours. */
export async function amazonCrc64(...pieces: readonly Uint8Array[]): Promise<string> {
  const sum = new Crc64NvmeJs()
  for (const piece of pieces) sum.update(piece)
  return Buffer.from(await sum.digest()).toString('base64')
}
