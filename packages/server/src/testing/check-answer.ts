import { apiCalls, schemas } from '../http/api-calls.js'
import type { SchemaName } from '../http/api-calls.js'

/**
 * Checks an answer of the API against its description, so that every body that tests receive is documented.
 *
 * @throws if the call, its status or its body is not described
 */
export function checkAnswer(method: string, path: string, response: Response, body: unknown): void {
  if (!path.startsWith('/api/') && path !== '/sts') return
  if (response.headers.get('content-type') === 'application/problem+json') {
    schemas.Problem.parse(body)
    return
  }
  const answer = describedCall(method, path)?.answers[response.status]
  if (response.status >= 400) return // An application's own, by `authorize`.
  if (answer === undefined) throw new Error(`${method} ${path} is not described to answer ${response.status}`)
  if (answer.body === undefined) return
  checkBody(answer.body, body)
  if (answer.body === 'BatchedAnswers') checkBatch(body)
}

function describedCall(method: string, path: string) {
  const [pathname = ''] = path.split('?')
  const found =
    Object.entries(apiCalls).find(([pattern]) => pattern === pathname) ??
    Object.entries(apiCalls).find(([pattern]) =>
      new RegExp(`^${pattern.replace('{id}', '[^/]+')}$`, 'u').test(pathname),
    )
  return found?.[1][method.toLowerCase()]
}

function checkBody(names: SchemaName | readonly SchemaName[], body: unknown): void {
  const parsed = [names].flat().map((name) => schemas[name].safeParse(body))
  if (parsed.some(({ success }) => success)) return
  throw new Error('This answer is not as described', { cause: parsed.map(({ error }) => error) })
}

function checkBatch(body: unknown): void {
  const { opened, completed } = schemas.BatchedAnswers.parse(body)
  for (const item of opened) checkItem(item, ['OpenedUpload', 'DuplicatesFound'])
  for (const item of completed) checkItem(item, ['UploadAnswer'])
}

function checkItem({ status, body }: { status: number; body: unknown }, names: readonly SchemaName[]): void {
  if (status >= 400) schemas.Problem.parse(body)
  else checkBody(names, body)
}
