import type { ObjectStore } from '@carryon/object-store'
import { bucketCommand } from '../../../apps/carryon/src/bucket-command.js'
import { readConfig } from '../../../apps/carryon/src/config.js'
import type { Ceph } from '../../ceph/ceph.js'
import { freePorts } from '../../support/free-ports.js'
import { type StoreGate, startStoreGate } from './store-gate.js'

/** A bucket on Ceph for one product, set up as an operator would. */
export interface CephGround {
  /** Environment to start the product with. */
  readonly environment: Readonly<Record<string, string>>
  /** The proxy between the store and all its callers. */
  readonly gate: StoreGate
  /** Opened with the operator's own key, which may see everything. */
  readonly bucket: ObjectStore
}

/** @param access How a browser gets access: by `AssumeRole`, or by signed part URLs. */
export async function prepareCeph(ceph: Ceph, access: 'role' | 'urls'): Promise<CephGround> {
  const gate = await startStoreGate(ceph.endpoint)
  const name = await ceph.createBucket()
  // The CORS rule needs the page's origin before the page exists, so choose its port first.
  const [port = 0] = await freePorts(1)
  const environment = { ...ceph.environment(name, access), S3_ENDPOINT: gate.url, PORT: String(port) }
  const said: string[] = []
  const config = readConfig({ ...environment, ALLOWED_ORIGINS: `http://127.0.0.1:${port}` })
  if (!(await bucketCommand(config, false, (line) => said.push(line)))) throw new Error(said.join('\n'))
  return { environment, gate, bucket: ceph.open(name) }
}
