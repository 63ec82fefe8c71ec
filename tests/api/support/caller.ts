import type { OpenedUpload, RegisteredUpload } from '@carryon/client'
import type { ApiUnderTest } from './api-under-test.js'

export interface Answer<Body = unknown> {
  readonly status: number
  readonly headers: Headers
  readonly body: Body
}

export interface ProblemBody {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: string
  readonly partNumbers?: readonly number[]
}

/** Acts like one browser: keeps the cookies it receives. */
export class Caller {
  cookie = ''
  readonly #url: string

  constructor({ url }: Pick<ApiUnderTest, 'url'>) {
    this.#url = url
  }

  /** Value of the owner cookie. */
  get key(): string {
    return this.cookie.slice(this.cookie.indexOf('=') + 1)
  }

  open(request: unknown): Promise<Answer<OpenedUpload>> {
    return this.post('/api/uploads', request)
  }

  complete(id: string, request: unknown): Promise<Answer<{ upload: RegisteredUpload } & ProblemBody>> {
    return this.post(`/api/uploads/${id}/complete`, request)
  }

  post<Body>(path: string, body: unknown): Promise<Answer<Body>> {
    const headers = { 'content-type': 'application/json' }
    return this.send(path, { method: 'POST', headers, body: JSON.stringify(body) })
  }

  get<Body = ProblemBody>(path: string): Promise<Answer<Body>> {
    return this.send(path, {})
  }

  delete(path: string): Promise<Answer<ProblemBody & { upload?: RegisteredUpload }>> {
    return this.send(path, { method: 'DELETE' })
  }

  async send<Body = ProblemBody>(path: string, init: RequestInit): Promise<Answer<Body>> {
    const headers = new Headers(init.headers)
    if (this.cookie !== '') headers.set('cookie', this.cookie)
    const response = await fetch(this.#url + path, { redirect: 'manual', ...init, headers })
    const [given] = response.headers.getSetCookie()
    if (given !== undefined) this.cookie = given.split(';', 1)[0] ?? ''
    const text = await response.text()
    const isJson = /json/u.test(response.headers.get('content-type') ?? '')
    return {
      status: response.status,
      headers: response.headers,
      body: (isJson ? JSON.parse(text) : text) as Body,
    }
  }
}
