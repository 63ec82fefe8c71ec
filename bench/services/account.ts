/** The permanent key and the bucket of every test bed; not valid anywhere else. */
export const account = {
  secretId: 'bench-secret-id',
  secretKey: 'bench-secret-key',
  bucket: 'bench-1250000000',
  region: 'ap-guangzhou',
}
