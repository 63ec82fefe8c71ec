import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { childText, type XmlElement } from '../xml.js'
import type { Reply, TestClient } from './client.js'
import { bucket } from './store.js'

/** Sets the versioning status of the bucket. */
export async function setVersioning(
  client: TestClient,
  status: 'Enabled' | 'Suspended',
  inBucket = bucket,
): Promise<void> {
  const body = `<VersioningConfiguration><Status>${status}</Status></VersioningConfiguration>`
  const reply = await client.call({ method: 'PUT', path: `/${inBucket}`, query: { versioning: '' }, body })
  if (reply.status !== 200) throw new Error(`Versioning was answered with ${reply.status}: ${reply.text}`)
}

/** One version of a listing. */
export interface ListedVersion {
  readonly key: string
  readonly id: string
  readonly isLatest: boolean
  readonly isMarker: boolean
  /** Without quotes; '' for a delete marker. */
  readonly etag: string
}

export function versionsOf({ xml }: Pick<Reply, 'xml'>): readonly ListedVersion[] {
  return xml.children
    .filter(({ name }) => name === 'Version' || name === 'DeleteMarker')
    .map((version) => ({
      key: textOf(version, 'Key'),
      id: textOf(version, 'VersionId'),
      isLatest: textOf(version, 'IsLatest') === 'true',
      isMarker: version.name === 'DeleteMarker',
      etag: textOf(version, 'ETag').replaceAll('"', ''),
    }))
}

function textOf(parent: XmlElement, name: string): string {
  return childText(parent, name) ?? ''
}

/** All versions the bucket lists, page by page. */
export async function listedVersions(
  client: TestClient,
  query: Readonly<Record<string, string>> = {},
  inBucket = bucket,
): Promise<readonly ListedVersion[]> {
  const found: ListedVersion[] = []
  let markers: Readonly<Record<string, string>> = {}
  for (;;) {
    const reply = await client.call({
      method: 'GET',
      path: `/${inBucket}/`,
      query: { versions: '', ...query, ...markers },
    })
    if (reply.status !== 200) throw new Error(`The listing was answered with ${reply.status}.`)
    found.push(...versionsOf(reply))
    if (childText(reply.xml, 'IsTruncated') !== 'true') return found
    markers = {
      'key-marker': textOf(reply.xml, 'NextKeyMarker'),
      'version-id-marker': textOf(reply.xml, 'NextVersionIdMarker'),
    }
  }
}

/** File of a version that is not the latest, in a store's directory. */
export function versionFile(directory: string, key: string, versionId: string): string {
  const name = createHash('sha256').update(key).digest('hex')
  const digits = versionId === 'null' ? versionId : Buffer.from(versionId, 'base64').toString()
  return join(directory, 'buckets', bucket, 'versions', name.slice(0, 2), `${name}-${digits}`)
}
