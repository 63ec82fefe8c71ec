import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createS3Store, s3Location } from '@carryon/object-store'
import type { ObjectStore, StoreOptions } from '@carryon/object-store'
import { missingPrograms } from '../../scripts/debian-packages.mjs'
import { freePorts } from '../support/free-ports.js'

const run = promisify(execFile)
const script = join(import.meta.dirname, 'ceph.sh')
const region = 'us-east-1'
const credentials = { accessKeyId: 'ceph-access-key', secretAccessKey: 'ceph-secret-key' }

/** A single-node Ceph, started by `ceph.sh`. */
export interface Ceph {
  /** Address of both S3 and STS. */
  readonly endpoint: string
  /** Creates an empty bucket and returns its name. */
  createBucket(): Promise<string>
  /** Opens the bucket with the owner's credentials, or as `options` specify. */
  open(bucket: string, options?: Partial<StoreOptions>): ObjectStore
  /** Environment with which `carryon` uses the bucket. */
  environment(bucket: string, access: 'role' | 'urls'): Record<string, string>
  readonly credentials: typeof credentials
  readonly roleArn: string
  stop(): Promise<void>
}

/** Why Ceph is not available here, or `null`; installs it where possible. */
export function whyNoCeph(): string | null {
  return missingPrograms(
    ['ceph', 'ceph-mon', 'ceph-mgr', 'ceph-osd', 'radosgw', 'radosgw-admin', 'ceph-authtool', 'monmaptool'],
    ['radosgw', 'ceph-mon', 'ceph-osd', 'ceph-mgr', 'ceph-common'],
  )
}

export async function startCeph(): Promise<Ceph> {
  const folder = await mkdtemp(join(tmpdir(), 'carryon-ceph-'))
  const [port = 0, ...monitorPorts] = await freePorts(3)
  const endpoint = `http://127.0.0.1:${port}`
  try {
    await run(script, ['start', folder, String(port), ...monitorPorts.map(String)])
  } catch (error) {
    const log = await readFile(join(folder, 'log/start.log'), 'utf8').catch(() => '')
    await rm(folder, { recursive: true, force: true })
    throw new Error(`Ceph did not start. ${log.slice(-2_000)}`, { cause: error })
  }
  const roleArn = 'arn:aws:iam:::role/uploader'
  let buckets = 0
  const open = (bucket: string, options: Partial<StoreOptions> = {}) =>
    createS3Store({
      location: s3Location({ bucket, region, endpoint, forcePathStyle: true }),
      credentials,
      // Release 16 ignores If-None-Match on complete.
      capabilities: { forbidOverwriteOnComplete: false },
      ...options,
    })
  return {
    endpoint,
    credentials,
    roleArn,
    open,
    async createBucket() {
      buckets += 1
      const bucket = `bucket-${buckets}`
      const { url } = await open(bucket).presign({ method: 'PUT', key: '', expiresIn: 60 })
      const answer = await fetch(url, { method: 'PUT' })
      if (!answer.ok) throw new Error(`no bucket ${bucket}: ${answer.status} ${await answer.text()}`)
      return bucket
    },
    environment: (bucket, access) => ({
      STORE: 's3',
      S3_ENDPOINT: endpoint,
      S3_REGION: region,
      S3_BUCKET: bucket,
      S3_ACCESS_KEY_ID: credentials.accessKeyId,
      S3_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      S3_FORCE_PATH_STYLE: '1',
      ...(access === 'role' ? { S3_ROLE_ARN: roleArn } : {}),
    }),
    async stop() {
      await run(script, ['stop', folder])
      await rm(folder, { recursive: true, force: true })
    },
  }
}
