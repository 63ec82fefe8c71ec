import { childText, type XmlElement } from '../xml.js'
import type { ConformanceClient, Reply } from './conformance-client.js'

/** What was removed, and what could not be removed. */
export interface CleanUp {
  readonly objects: number
  readonly uploads: number
  /** One line per leftover; empty if there is none. */
  readonly left: readonly string[]
}

/** Removes every object and unfinished upload below a prefix, as listed by the bucket. */
export async function cleanUp(client: ConformanceClient, prefix: string): Promise<CleanUp> {
  const left: string[] = []
  const remove = async (key: string, query: Readonly<Record<string, string>>): Promise<boolean> => {
    // Never delete anything outside the prefix, whatever the endpoint lists.
    if (!key.startsWith(prefix)) return false
    const reply = await client.call({ method: 'DELETE', key, query })
    if (reply.status === 204 || reply.status === 404) return true
    left.push(`${key}: ${reply.status} ${reply.code}`)
    return false
  }
  let uploads = 0
  await eachPage(client, { uploads: '', prefix }, 'Upload', async (upload) => {
    const uploadId = childText(upload, 'UploadId') ?? childText(upload, 'UploadID') ?? ''
    if (uploadId !== '' && (await remove(keyOf(upload), { uploadId }))) uploads++
  })
  let objects = 0
  await eachPage(client, { prefix }, 'Contents', async (object) => {
    if (await remove(keyOf(object), {})) objects++
  })
  return { objects, uploads, left }
}

/** Always lists from the start, because the entries of the previous page have been removed. */
async function eachPage(
  client: ConformanceClient,
  query: Readonly<Record<string, string>>,
  element: string,
  each: (entry: XmlElement) => Promise<void>,
): Promise<void> {
  for (let page = 0; page < maxPages; page++) {
    const reply: Reply = await client.call({
      method: 'GET',
      key: '',
      query: { ...query, 'encoding-type': 'url' },
    })
    if (reply.status !== 200) throw new Error(`The bucket cannot be listed: ${reply.status} ${reply.code}`)
    const entries = reply.xml.children.filter(({ name }) => name === element)
    for (const entry of entries) await each(entry)
    if (entries.length === 0 || reply.text('IsTruncated') !== 'true') return
  }
}

/** The checks create a few hundred objects; a page holds a thousand. */
const maxPages = 10

function keyOf(entry: XmlElement): string {
  return decodeURIComponent((childText(entry, 'Key') ?? '').replaceAll('+', '%20'))
}
