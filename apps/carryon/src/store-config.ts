import { z } from 'zod'

/** The configured store, read from the environment. */
export type StoreConfig = LocalStoreConfig | CosStoreConfig | S3StoreConfig

export interface LocalStoreConfig {
  readonly kind: 'local'
  readonly port: number
  readonly bucket: string
  readonly region: string
  /** Account key. If unset, a pair is generated once and kept in the data directory. */
  readonly secretId: string | undefined
  readonly secretKey: string | undefined
  /** Origin at which browsers reach the store. Default: the address it listens on. */
  readonly publicUrl: string | undefined
  /** Lets tests on this machine inject faults through the store's admin calls. */
  readonly faults: boolean
}

export interface CosStoreConfig {
  readonly kind: 'cos'
  readonly bucket: string
  /** Further buckets, by the names with which hooks choose them. */
  readonly buckets: Readonly<Record<string, string>>
  readonly region: string
  readonly credentials: CosKey | CosRole
  readonly endpoint: string | undefined
  /** Endpoint at which browsers reach the store; `undefined`: the same as for the server. */
  readonly browserEndpoint: string | undefined
}

interface CosKey {
  readonly secretId: string
  readonly secretKey: string
}

/** Credentials from this machine's role: its name, or `undefined` for the role bound to the machine. */
interface CosRole {
  readonly role: string | undefined
  readonly metadataUrl: string | undefined
}

export interface S3StoreConfig {
  readonly kind: 's3'
  readonly bucket: string
  /** Further buckets, by the names with which hooks choose them. */
  readonly buckets: Readonly<Record<string, string>>
  readonly region: string
  /** `undefined`: the credentials that the AWS SDK finds on this machine. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined
  /** `undefined`: Amazon's endpoint. */
  readonly endpoint: string | undefined
  /** Endpoint at which browsers reach the store; `undefined`: the same as for the server. */
  readonly browserEndpoint: string | undefined
  readonly forcePathStyle: boolean
  /** Role for temporary credentials; `undefined`: browsers get presigned part URLs. */
  readonly roleArn: string | undefined
}

export const url = z.string().refine(isHttpUrl, 'must be an http:// or https:// URL')
export const flag = z.enum(['0', '1'], { error: 'must be 0 or 1' }).default('0')

export const port = (fallback: number) =>
  z.coerce
    .number({ error: 'must be a port number' })
    .int('must be a port number')
    .min(0, 'must be between 0 and 65535')
    .max(65535, 'must be between 0 and 65535')
    .default(fallback)

const region = (example: string) =>
  z
    .string()
    .regex(/^[a-z0-9-]+$/, `must be a region such as ${example}`)
    .optional()

/** Further buckets by name: `archive=archive-1250000000,media=…`. */
const moreBuckets = z
  .string()
  .regex(
    /^ *[a-z][a-z0-9-]{0,31}=[a-z0-9][a-z0-9.-]{1,61}[a-z0-9] *(?:, *[a-z][a-z0-9-]{0,31}=[a-z0-9][a-z0-9.-]{1,61}[a-z0-9] *)*$/u,
    'must be names and buckets, such as archive=archive-1250000000,media=media-1250000000',
  )
  .optional()

/** The store's variables, each validated on its own. */
export const storeVariables = {
  STORE: z.enum(['local', 'cos', 's3'], { error: 'must be local, cos or s3' }).default('local'),
  LOCAL_STORE_PORT: port(3001),
  LOCAL_STORE_PUBLIC_URL: url.optional(),
  LOCAL_STORE_FAULTS: flag,
  COS_SECRET_ID: z.string().optional(),
  COS_SECRET_KEY: z.string().optional(),
  COS_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*-\d{5,}$/, 'must be <name>-<appid>, such as videos-1250000000')
    .optional(),
  COS_BUCKETS: moreBuckets,
  COS_REGION: region('ap-guangzhou'),
  COS_ENDPOINT: url.optional(),
  COS_BROWSER_ENDPOINT: url.optional(),
  COS_CVM_ROLE: z
    .string()
    .regex(/^[\w+=,.@-]+$/u, 'must be auto, or the name of the role')
    .optional(),
  COS_METADATA_URL: url.optional(),
  S3_ENDPOINT: url.optional(),
  S3_BROWSER_ENDPOINT: url.optional(),
  S3_REGION: region('us-east-1'),
  S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be 3 to 63 of a-z, 0-9, dots and hyphens')
    .optional(),
  S3_BUCKETS: moreBuckets,
  S3_ACCESS_KEY_ID: z.string().optional(),
  S3_SECRET_ACCESS_KEY: z.string().optional(),
  S3_ROLE_ARN: z
    .string()
    .regex(
      /^arn:[\w-]+:iam::[\w-]*:role\/.+$/,
      'must be a role such as arn:aws:iam::123456789012:role/uploader',
    )
    .optional(),
  S3_FORCE_PATH_STYLE: flag,
} as const

export type StoreValues = z.infer<z.ZodObject<typeof storeVariables>>

/** @param values values for which `storeProblems` found no problem. */
export function storeConfig(values: StoreValues): StoreConfig {
  switch (values.STORE) {
    case 'local':
      return {
        kind: 'local',
        port: values.LOCAL_STORE_PORT,
        bucket: values.COS_BUCKET ?? 'carryon-1250000000',
        region: values.COS_REGION ?? 'ap-guangzhou',
        secretId: values.COS_SECRET_ID,
        secretKey: values.COS_SECRET_KEY,
        publicUrl:
          values.LOCAL_STORE_PUBLIC_URL === undefined
            ? undefined
            : new URL(values.LOCAL_STORE_PUBLIC_URL).origin,
        faults: values.LOCAL_STORE_FAULTS === '1',
      }
    case 'cos':
      return {
        kind: 'cos',
        bucket: values.COS_BUCKET ?? '',
        buckets: namedBuckets(values.COS_BUCKETS),
        region: values.COS_REGION ?? '',
        credentials:
          values.COS_CVM_ROLE === undefined
            ? { secretId: values.COS_SECRET_ID ?? '', secretKey: values.COS_SECRET_KEY ?? '' }
            : {
                role: values.COS_CVM_ROLE === 'auto' ? undefined : values.COS_CVM_ROLE,
                metadataUrl: values.COS_METADATA_URL,
              },
        endpoint: values.COS_ENDPOINT,
        browserEndpoint: values.COS_BROWSER_ENDPOINT,
      }
    case 's3':
      return {
        kind: 's3',
        bucket: values.S3_BUCKET ?? '',
        buckets: namedBuckets(values.S3_BUCKETS),
        region: values.S3_REGION ?? 'us-east-1',
        credentials:
          values.S3_ACCESS_KEY_ID === undefined || values.S3_SECRET_ACCESS_KEY === undefined
            ? undefined
            : { accessKeyId: values.S3_ACCESS_KEY_ID, secretAccessKey: values.S3_SECRET_ACCESS_KEY },
        endpoint: values.S3_ENDPOINT,
        browserEndpoint: values.S3_BROWSER_ENDPOINT,
        forcePathStyle: values.S3_FORCE_PATH_STYLE === '1',
        roleArn: values.S3_ROLE_ARN,
      }
  }
}

export function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}

function namedBuckets(text = ''): Record<string, string> {
  return Object.fromEntries(
    text.split(',').flatMap((item) => {
      const [name = '', bucket = ''] = item.trim().split('=')
      return name === '' ? [] : [[name, bucket]]
    }),
  )
}
