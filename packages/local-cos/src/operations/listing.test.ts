import { describe, expect, it } from 'vitest'
import { childText, type XmlElement } from '../xml.js'
import type { TestClient } from '../testing/client.js'
import { MultipartCalls } from '../testing/multipart.js'
import { bucket, startTestStore } from '../testing/store.js'

const named = (root: XmlElement, element: string, child: string): string[] =>
  root.children.filter(({ name }) => name === element).map((entry) => childText(entry, child) ?? '')

/** Keys and common prefixes of all pages, in listing order. */
async function allPages(client: TestClient, query: Record<string, string>): Promise<string[]> {
  const found: string[] = []
  for (let marker = ''; ;) {
    const { xml } = await client.call({ method: 'GET', path: `/${bucket}/`, query: { ...query, marker } })
    found.push(...named(xml, 'Contents', 'Key'), ...named(xml, 'CommonPrefixes', 'Prefix'))
    if (childText(xml, 'IsTruncated') !== 'true') return found
    marker = childText(xml, 'NextMarker') ?? ''
  }
}

const keys = ['a', 'b/1', 'b/2', 'b/c/3', 'b0', '中', '\ufb01', '🦆']

describe('the listing of a bucket', () => {
  it('is sorted by UTF-8 and read in pages of any size', async () => {
    const { client } = await startTestStore()
    for (const key of [...keys].reverse())
      await client.call({ method: 'PUT', path: `/${bucket}/${key}`, body: key })
    for (const max of ['1', '2', '3', '1000']) {
      expect(await allPages(client, { 'max-keys': max })).toEqual(keys)
      expect(await allPages(client, { 'max-keys': max, prefix: 'b/' })).toEqual(['b/1', 'b/2', 'b/c/3'])
    }
    const grouped = await allPages(client, { 'max-keys': '1', delimiter: '/' })
    expect(grouped).toEqual(['a', 'b/', 'b0', '中', '\ufb01', '🦆'])
    expect(await allPages(client, { prefix: 'b/', delimiter: '/' })).toEqual(['b/1', 'b/2', 'b/c/'])
    expect(await allPages(client, { prefix: '中', 'encoding-type': 'url' })).toEqual(['%E4%B8%AD'])
  })

  it('follows changes and restarts', async () => {
    const first = await startTestStore()
    await first.client.call({ method: 'PUT', path: `/${bucket}/a`, body: '1' })
    expect(await allPages(first.client, {})).toEqual(['a'])
    await first.client.call({ method: 'PUT', path: `/${bucket}/b`, body: '2' })
    await first.client.call({ method: 'DELETE', path: `/${bucket}/a` })
    expect(await allPages(first.client, {})).toEqual(['b'])
    await first.store.close()
    const { client } = await startTestStore({ directory: first.directory })
    await client.call({ method: 'PUT', path: `/${bucket}/c`, body: '3' })
    expect(await allPages(client, {})).toEqual(['b', 'c'])
  })

  it('refuses what is no number', async () => {
    const { client } = await startTestStore()
    const reply = await client.call({ method: 'GET', path: `/${bucket}/`, query: { 'max-keys': 'many' } })
    expect(reply.code).toBe('InvalidArgument')
  })
})

describe('the listing of uploads', () => {
  it('is sorted, filtered by prefix, and read in pages', async () => {
    const { client } = await startTestStore()
    const ids: string[] = []
    for (const key of ['b/2', 'a', 'b/1', 'b/1', 'c'])
      ids.push(await new MultipartCalls(client, key).initiate())
    const list = async (query: Record<string, string>): Promise<XmlElement> =>
      (await client.call({ method: 'GET', path: `/${bucket}/`, query: { uploads: '', ...query } })).xml
    for (const max of ['1', '2', '1000']) {
      const found: string[] = []
      for (let markers = {}; ;) {
        const xml = await list({ 'max-uploads': max, ...markers })
        found.push(...named(xml, 'Upload', 'Key'))
        if (childText(xml, 'IsTruncated') !== 'true') break
        markers = {
          'key-marker': childText(xml, 'NextKeyMarker') ?? '',
          'upload-id-marker': childText(xml, 'NextUploadIdMarker') ?? '',
        }
      }
      expect(found).toEqual(['a', 'b/1', 'b/1', 'b/2', 'c'])
    }
    expect(named(await list({ prefix: 'b/1' }), 'Upload', 'UploadId')).toEqual([ids[2], ids[3]].sort())
    expect(named(await list({ delimiter: '/' }), 'CommonPrefixes', 'Prefix')).toEqual(['b/'])
  })
})
