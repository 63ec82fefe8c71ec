import type { ObjectStore } from '@carryon/object-store'
import { bucketCommand } from '../../../apps/carryon/src/bucket-command.js'
import { readConfig } from '../../../apps/carryon/src/config.js'
import type { Ceph } from '../../ceph/ceph.js'
import { freePorts } from '../../support/free-ports.js'
import { type StoreGate, startStoreGate } from './store-gate.js'

/** A bucket on Ceph for one product, set up as its operator would. */
export interface CephGround {
  /** What the product is started with. */
  readonly environment: Readonly<Record<string, string>>
  /** Between the store and everybody else. */
  readonly gate: StoreGate
  /** With the operator's own key: sees everything. */
  readonly bucket: ObjectStore
}

/** @param access How a browser gets permission: by `AssumeRole`, or by signed part URLs. */
export async function prepareCeph(ceph: Ceph, access: 'role' | 'urls'): Promise<CephGround> {
  const gate = await startStoreGate(ceph.endpoint)
  const name = await ceph.createBucket()
  // The bucket is told of the page's origin before there is a page.
  const [port = 0] = await freePorts(1)
  const environment = { ...ceph.environment(name, access), S3_ENDPOINT: gate.url, PORT: String(port) }
  const said: string[] = []
  const config = readConfig({ ...environment, ALLOWED_ORIGINS: `http://127.0.0.1:${port}` })
  if (!(await bucketCommand(config, false, (line) => said.push(line)))) throw new Error(said.join('\n'))
  return { environment, gate, bucket: ceph.open(name) }
}
