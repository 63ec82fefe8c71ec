import { createPartSigner, type StoreCredentials, type StoreLocation } from '@carryon/object-store'
import { ownerHeader } from '@carryon/protocol'
import type { Answer, CallOptions, Grant, Members, StoreAnswer, Subject } from './contract/subject.js'

export interface HttpSubjectOptions {
  /** Base address of the API, without a trailing slash. */
  readonly api: string
  /** Headers that identify the owner, sent with each call. */
  readonly headers: Readonly<Record<string, string>>
  /** Headers of a second owner. When absent, that owner's calls carry none of these headers. */
  readonly otherHeaders?: Readonly<Record<string, string>> | undefined
  /** Origin of a page that may upload. */
  readonly origin: string
}

/** Milliseconds to wait for one response; a complete lasts until the store has joined the parts. */
const patience = 120_000

/** A backend over HTTP, and the store named in its grants. */
export function httpSubject({ api, headers, otherHeaders, origin }: HttpSubjectOptions): Subject {
  const isAnonymous = Object.keys(headers).length === 0
  const owners = {
    main: new Identity(headers),
    other: new Identity(otherHeaders ?? {}),
    nobody: new Identity({}),
  }
  return {
    hasOther: otherHeaders !== undefined || isAnonymous,
    hasNobody: !isAnonymous,
    origin,
    async call(method, path, { body, text, type, as }: CallOptions = {}) {
      const sent = text ?? (body === undefined ? undefined : JSON.stringify(body))
      const owner = owners[as ?? 'main']
      const response = await fetch(`${api}${path}`, {
        method,
        redirect: 'manual',
        signal: AbortSignal.timeout(patience),
        headers: {
          accept: 'application/json',
          ...(sent !== undefined && { 'content-type': type ?? 'application/json' }),
          ...owner.headers(),
        },
        ...(sent !== undefined && { body: sent }),
      })
      owner.learn(response)
      return answerOf(response, await response.text())
    },
    async read(url) {
      const isOwn = url.startsWith(`${new URL(api).origin}/`)
      const first = await fetch(url, { redirect: 'manual', headers: isOwn ? owners.main.headers() : {} })
      const next = first.headers.get('location')
      // Do not send the owner's headers to the store.
      const last = next === null ? first : await fetch(new URL(next, url))
      return { status: last.status, bytes: new Uint8Array(await last.arrayBuffer()) }
    },
    send: sendPart,
  }
}

/** Identity of a caller: the given headers, or the owner key and cookies that the backend assigned to an anonymous one. */
class Identity {
  readonly #given: Readonly<Record<string, string>>
  readonly #cookies = new Map<string, string>()
  #key: string | null = null

  constructor(given: Readonly<Record<string, string>>) {
    this.#given = given
  }

  headers(): Readonly<Record<string, string>> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    return {
      ...(cookie !== '' && { cookie }),
      ...(this.#key !== null && { [ownerHeader]: this.#key }),
      ...this.#given,
    }
  }

  learn({ headers }: Response): void {
    if (Object.keys(this.#given).length > 0) return
    this.#key = headers.get(ownerHeader) ?? this.#key
    for (const line of headers.getSetCookie()) {
      const [, name, value] = /^([^=;]+)=([^;]*)/.exec(line) ?? []
      if (name !== undefined && value !== undefined) this.#cookies.set(name.trim(), value)
    }
  }
}

function answerOf(response: Response, text: string): Answer {
  const type = (response.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  return { status: response.status, type, text, json: parsed(text) }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

async function sendPart(grant: Grant, partNumber: number, bytes: Uint8Array): Promise<StoreAnswer> {
  const { url, init } = await requestFor(grant, partNumber, bytes)
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(patience) })
  return {
    status: response.status === 204 ? 200 : response.status,
    etag: response.headers.get('etag')?.replaceAll('"', '') ?? null,
    crc64: response.headers.get('x-cos-hash-crc64ecma'),
    text: await response.text(),
  }
}

async function requestFor({ access, upload }: Grant, partNumber: number, bytes: Uint8Array) {
  const body = new Blob([new Uint8Array(bytes)])
  if (access['mode'] === 'urls') {
    const url = String((access['urls'] as Members)[String(partNumber)])
    return { url, init: { method: 'PUT', body } }
  }
  if (access['mode'] === 'put') {
    const headers = access['headers'] as Record<string, string>
    return { url: String(access['url']), init: { method: 'PUT', headers, body } }
  }
  if (access['mode'] === 'form') {
    const form = new FormData()
    for (const [name, value] of Object.entries(access['fields'] as Record<string, string>))
      form.append(name, value)
    form.append('file', body)
    return { url: String(access['url']), init: { method: 'POST', body: form } }
  }
  const sign = createPartSigner({
    location: access['location'] as StoreLocation,
    credentials: access['credentials'] as StoreCredentials,
    startsAt: Number(access['startsAt']),
    expiresAt: Number(access['expiresAt']),
  })
  const part = { key: String(upload['key']), uploadId: String(upload['uploadId']), partNumber }
  const { url, headers } = await sign(part, bytes.length)
  return { url, init: { method: 'PUT', headers, body } }
}
