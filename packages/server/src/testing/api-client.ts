import type { AccessGrant, UploadAnswer } from '@carryon/protocol'
import type { Server } from '../server.js'
import { checkAnswer } from './check-answer.js'
import type { UploadView } from '../uploads/upload-view.js'

export interface Answer<Body> {
  readonly status: number
  readonly headers: Headers
  readonly body: Body
}

export interface OpenedBody {
  readonly upload: UploadView
  readonly parts: readonly { readonly partNumber: number; readonly size: number; readonly etag: string }[]
  readonly access: AccessGrant
  readonly serverTime: number
}

export interface ProblemBody {
  readonly code: string
  readonly detail: string
  readonly status: number
  readonly partNumbers?: readonly number[]
  readonly problems?: readonly { readonly path: string; readonly message: string }[]
}

/** Calls the API as one caller, without a network; checks every answer against the API's description. */
export class ApiClient {
  readonly #server: Pick<Server, 'fetch'>
  readonly #headers: Readonly<Record<string, string>>

  constructor(server: Pick<Server, 'fetch'>, headers: Readonly<Record<string, string>> = {}) {
    this.#server = server
    this.#headers = headers
  }

  open(request: Readonly<Record<string, unknown>>): Promise<Answer<OpenedBody>> {
    return this.call('POST', '/api/uploads', request)
  }

  complete(id: string, request: unknown): Promise<Answer<UploadAnswer & { readonly upload: UploadView }>> {
    return this.call('POST', `/api/uploads/${id}/complete`, request)
  }

  renew(id: string): Promise<Answer<Pick<OpenedBody, 'access'>>> {
    return this.call('POST', `/api/uploads/${id}/access`, {})
  }

  async call<Body>(method: string, path: string, body?: unknown): Promise<Answer<Body>> {
    const response = await this.#server.fetch(
      new Request(`http://app.test${path}`, {
        method,
        headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...this.#headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    )
    const text = await response.text()
    const answered: unknown = text === '' ? null : JSON.parse(text)
    checkAnswer(method, path, response, answered)
    return { status: response.status, headers: response.headers, body: answered as Body }
  }
}
