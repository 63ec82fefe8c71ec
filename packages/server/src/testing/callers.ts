import { ApiClient } from './api-client.js'
import { TestFile } from './test-file.js'
import type { TestServer } from './test-server.js'

/** The body to open a small file; different for each number and size. */
export function fileOf(number: number, size = 100) {
  return {
    identity: `1:${size}:${number}`,
    name: `${number}.bin`,
    size,
    type: '',
    md5: new TestFile(1, 4).md5,
  }
}

export function statusesOf(answers: readonly { readonly status: number }[]): readonly number[] {
  return answers.map(({ status }) => status).sort()
}

export function times<Value>(count: number, value: Value): readonly Value[] {
  return Array.from({ length: count }, () => value)
}

/** A client at that address, passed the way `@hono/node-server` does. */
export function clientFrom(
  { server }: TestServer,
  remoteAddress: string,
  headers: Record<string, string> = {},
) {
  const env = { incoming: { socket: { remoteAddress } } }
  return new ApiClient({ fetch: (request) => server.fetch(request, env) }, headers)
}
