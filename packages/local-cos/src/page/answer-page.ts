import type { IncomingMessage, ServerResponse } from 'node:http'
import { isLocalClient } from '../admin-access.js'
import { asCosError, CosError } from '../errors.js'
import { localPath } from '../local-calls.js'
import type { RecentRequests } from '../recent-requests.js'
import type { Storage } from '../storage/storage.js'
import { folderOf, summariesOf, uploadsOf } from './bucket-data.js'
import { bucketPage, objectPage, overview } from './bucket-pages.js'
import { html, type Html } from './html.js'
import { layout } from './layout.js'
import { requestPage, requestsPage } from './request-pages.js'
import { styleSource } from './style.js'
import { languageOf, type Language } from './words.js'

/** Data the page shows. */
export interface PageSource {
  readonly storage: Storage
  readonly recent: RecentRequests
  readonly region: string
  readonly secretId: string
}

/** A view as HTML and as JSON data. */
interface View {
  readonly title: string
  readonly content: Html
  readonly data: unknown
}

/** No scripts, no external sources, and no framing by other pages. */
const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src ${styleSource}`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/**
 * Answers `GET /_local` and the paths below it; as data if the path ends with `.json`. Only for browsers on
 * this machine that use a loopback name, because a foreign name may also resolve to this machine (DNS
 * rebinding).
 */
export async function answerPage(
  request: IncomingMessage,
  response: ServerResponse,
  source: PageSource,
): Promise<void> {
  const language = languageOf(request.headers['accept-language'])
  const url = new URL(request.url ?? '/', 'http://127.0.0.1')
  const json = url.pathname.endsWith('.json')
  const name = url.pathname.slice(localPath.length + 1).replace(/\.json$/, '')
  try {
    request.resume()
    checkAccess(request)
    const view = await viewOf(
      name,
      url.searchParams,
      { ...source, host: request.headers.host ?? '' },
      language,
    )
    const text = json ? JSON.stringify(view.data) : layout(view.title, view.content, language)
    send(request, response, 200, json, text)
  } catch (thrown) {
    const { status, code, message } = asCosError(thrown)
    const text = json
      ? JSON.stringify({ code, message })
      : layout(code, html`<p>${status === 404 ? language.words.notFound : message}</p>`, language)
    send(request, response, status, json, text)
  }
}

function checkAccess(request: IncomingMessage): void {
  if (!isLocalClient(request)) {
    throw new CosError(
      'AccessDenied',
      'This page is for browsers on this machine, by a loopback name such as 127.0.0.1, and not through a proxy.',
    )
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    throw new CosError('MethodNotAllowed', 'This page changes nothing: it can only be read.')
  }
}

async function viewOf(
  name: string,
  query: URLSearchParams,
  source: PageSource & { readonly host: string },
  language: Language,
): Promise<View> {
  const { words } = language
  const { storage, recent, region, secretId, host } = source
  const parameter = (key: string): string => query.get(key) ?? ''
  switch (name) {
    case '':
    case 'buckets': {
      const buckets = await summariesOf(storage)
      const store = { url: `http://${host}`, region, secretId }
      return {
        title: words.overview,
        content: overview(store, buckets, language),
        data: { ...store, buckets },
      }
    }
    case 'bucket': {
      const bucket = storage.get(parameter('name'))
      const after = parameter('after')
      const page = await folderOf(bucket, parameter('prefix'), after)
      const uploads = await uploadsOf(bucket)
      const content = bucketPage({ ...page, after }, uploads, language)
      return { title: bucket.name, content, data: { ...page, unfinishedUploads: uploads } }
    }
    case 'object': {
      const bucket = storage.get(parameter('bucket'))
      const record = await bucket.objects.find(parameter('key'))
      if (record === null) throw new CosError('NoSuchKey', words.notFound)
      const data = { ...record, joined: undefined }
      return { title: record.key, content: objectPage(bucket.name, record, language), data }
    }
    case 'requests': {
      const refusedOnly = parameter('refused') === '1'
      const shown = recent.all.filter(({ acknowledged }) => !refusedOnly || !acknowledged)
      const data = shown.map((request) => ({ ...request, explain: undefined }))
      return { title: words.requests, content: requestsPage(shown, refusedOnly, language), data }
    }
    case 'request': {
      const request = recent.find(parameter('id'))
      if (request === undefined) throw new CosError('NoSuchKey', words.notFound)
      const { explain, ...data } = request
      const content = requestPage(request, parameter('signed').slice(0, maxPasted), language)
      return { title: request.operation, content, data: { ...data, signature: explain?.() } }
    }
    default:
      throw new CosError('NoSuchKey', words.notFound)
  }
}

/** Maximum characters of a pasted text that are used. */
const maxPasted = 8000

function send(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  json: boolean,
  text: string,
): void {
  response.writeHead(status, {
    'Content-Type': json ? 'application/json' : 'text/html; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    'Content-Security-Policy': contentSecurityPolicy,
    'Cache-Control': 'no-store',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
  })
  response.end(request.method === 'HEAD' ? undefined : text)
}
