import { Crc64NvmeJs } from '@aws-sdk/checksums/crc'

/** CRC-64/NVME in the encoding S3 uses, computed only by Amazon's own code. */
export async function amazonCrc64(...pieces: readonly Uint8Array[]): Promise<string> {
  const sum = new Crc64NvmeJs()
  for (const piece of pieces) sum.update(piece)
  return Buffer.from(await sum.digest()).toString('base64')
}
