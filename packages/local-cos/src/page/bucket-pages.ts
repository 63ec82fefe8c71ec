import type { ObjectRecord } from '../storage/object-record.js'
import type { BucketSummary, FolderPage, UploadSummary } from './bucket-data.js'
import { html, pageUrl, type Html } from './html.js'
import { bytes, facts, heading, table, time } from './layout.js'
import type { Language } from './words.js'

/** The store's address and its buckets. */
export function overview(
  store: { readonly url: string; readonly region: string; readonly secretId: string },
  buckets: readonly BucketSummary[],
  { words }: Language,
): Html {
  return html`${facts([
      [words.address, html`<code>${store.url}</code>`],
      [words.region, html`<code>${store.region}</code>`],
      ['SecretId', html`<code>${store.secretId}</code>`],
    ])}
    <h2>${words.buckets}</h2>
    ${table(
      [
        heading(words.bucket),
        heading(words.objects, 'number'),
        heading(words.size, 'number'),
        heading(words.unfinished, 'number wide'),
        heading(words.created, 'wide'),
      ],
      buckets.map(
        (bucket) =>
          html`<tr>
            <td><a href="${pageUrl('bucket', { name: bucket.name })}">${bucket.name}</a></td>
            <td class="number">${bucket.objects}</td>
            <td class="number">${bytes(bucket.size)}</td>
            <td class="number wide">${bucket.unfinishedUploads}</td>
            <td class="short wide">${time(bucket.createdAt)}</td>
          </tr>`,
      ),
    )}`
}

/** A folder of a bucket, with the bucket's unfinished uploads. */
export function bucketPage(
  page: FolderPage & { readonly after: string },
  uploads: readonly UploadSummary[],
  language: Language,
): Html {
  const { words } = language
  const { bucket, prefix, next } = page
  return html`${trail(bucket, prefix)} ${objectTable(page, language)}
    <nav class="pages">
      ${page.after === '' ? null : html`<a href="${pageUrl('bucket', { name: bucket, prefix })}">${words.firstPage}</a>`}
      ${next === null ? null : html`<a href="${pageUrl('bucket', { name: bucket, prefix, after: next })}">${words.nextPage}</a>`}
    </nav>
    <h2>${words.unfinished}</h2>
    ${uploadTable(uploads, language)}`
}

/** Links to the parent folders of a prefix. */
function trail(bucket: string, prefix: string): Html {
  const steps = prefix.split('/').slice(0, -1)
  return html`<p>
    <a href="${pageUrl('bucket', { name: bucket })}">${bucket}</a>${steps.map((step, index) => {
      const above = steps.slice(0, index + 1).join('/')
      return html` / <a href="${pageUrl('bucket', { name: bucket, prefix: `${above}/` })}">${step}</a>`
    })}
  </p>`
}

function objectTable({ bucket, prefix, folders, objects }: FolderPage, { words }: Language): Html {
  if (folders.length + objects.length === 0) return html`<p class="muted">${words.noObjects}</p>`
  return table(
    [
      heading(words.key),
      heading(words.size, 'number'),
      heading(words.storageClass, 'wide'),
      heading(words.modified, 'wide'),
    ],
    [
      ...folders.map(
        (folder) =>
          html`<tr>
            <td>
              <a href="${pageUrl('bucket', { name: bucket, prefix: folder })}"
                >${folder.slice(prefix.length)}</a
              >
            </td>
            <td></td>
            <td class="wide"></td>
            <td class="wide"></td>
          </tr>`,
      ),
      ...objects.map(
        ({ key, size, storageClass, lastModified }) =>
          html`<tr>
            <td><a href="${pageUrl('object', { bucket, key })}">${key.slice(prefix.length) || key}</a></td>
            <td class="number">${bytes(size)}</td>
            <td class="short wide">${storageClass}</td>
            <td class="short wide">${time(lastModified)}</td>
          </tr>`,
      ),
    ],
  )
}

function uploadTable(uploads: readonly UploadSummary[], { words }: Language): Html {
  if (uploads.length === 0) return html`<p class="muted">${words.noUploads}</p>`
  return table(
    [
      heading(words.key),
      heading(words.parts, 'number'),
      heading(words.size, 'number'),
      heading(words.initiated, 'wide'),
      heading(words.uploadId, 'wide'),
    ],
    uploads.map(
      ({ key, parts, size, initiated, uploadId }) =>
        html`<tr>
          <td>${key}</td>
          <td class="number">${parts}</td>
          <td class="number">${bytes(size)}</td>
          <td class="short wide">${time(initiated)}</td>
          <td class="wide"><code>${uploadId}</code></td>
        </tr>`,
    ),
  )
}

/** What is stored with an object, except its content. */
export function objectPage(bucket: string, record: ObjectRecord, { words }: Language): Html {
  const { key, size, etag, crc64, lastModified, headers, tags = [], acl } = record
  return html`${trail(bucket, key)}
    ${facts([
      [words.size, `${bytes(size)} (${size} B)`],
      [words.modified, time(lastModified)],
      ['ETag', html`<code>${etag}</code>`],
      ['CRC-64', html`<code>${crc64}</code>`],
      ...(acl === undefined ? [] : [[words.acl, acl.preset || `${acl.grants.length} grants`] as const]),
      ...(tags.length === 0
        ? []
        : [[words.tags, tags.map((tag) => `${tag.key}=${tag.value}`).join(', ')] as const]),
    ])}
    <h2>${words.headers}</h2>
    ${
      Object.keys(headers).length === 0
        ? html`<p class="muted">${words.noUploads}</p>`
        : facts(Object.entries(headers).map(([name, value]) => [name, value] as const))
    }`
}
