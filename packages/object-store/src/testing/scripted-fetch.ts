/** The answer to one request, or an error that is thrown like by `fetch` without a network. */
export type ScriptedAnswer = Response | Error | ((request: Request) => Response | Promise<Response>)

export interface ScriptedFetch {
  readonly fetch: typeof globalThis.fetch
  /** What was sent, in order. Their bodies are unread. */
  readonly requests: readonly Request[]
}

/** A `fetch` that returns these answers in turn; further requests are errors. */
export function scriptedFetch(...answers: readonly ScriptedAnswer[]): ScriptedFetch {
  const requests: Request[] = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    const answer = answers[requests.length]
    requests.push(request.clone())
    if (answer === undefined) throw new Error(`Unexpected request: ${request.method} ${request.url}`)
    if (answer instanceof Error) throw answer
    return typeof answer === 'function' ? answer(request) : answer
  }
  return { fetch, requests }
}

export function errorAnswer(status: number, code: string, headers: Record<string, string> = {}): Response {
  return new Response(`<Error><Code>${code}</Code><Message>m</Message></Error>`, { status, headers })
}
