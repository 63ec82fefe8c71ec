import type { Context } from 'hono'
import type { z } from 'zod'
import type { AppEnv } from './app-env.js'
import { boundedText, TextTooLong } from '../bounded-text.js'
import { Problem } from '../problem.js'

/** Bytes. A complete with 10 000 ETags in quotes needs about 400 KB. */
const largestBody = 2 * 2 ** 20
/** Invalid members that an error names; a request of some KB may have ten thousand. */
const mostProblems = 20
/** Characters of the caller's input that an error repeats in one place. */
const mostEchoed = 200

/**
 * Reads the JSON body and validates it with `schema`.
 *
 * @throws Problem `invalid-request` that names the invalid members, or `too-large`.
 */
export async function readBody<Schema extends z.ZodType>(
  context: Context<AppEnv>,
  schema: Schema,
): Promise<z.output<Schema>> {
  // A foreign page cannot send this type without a preflight, which is refused.
  const type = context.req.header('content-type')?.split(';', 1)[0]?.trim().toLowerCase()
  if (type !== 'application/json') {
    throw new Problem('invalid-request', 'The body must be JSON, sent as Content-Type: application/json.', {
      problems: [{ path: '', message: 'must be application/json' }],
    })
  }
  return parseWith(schema, parseJson(await readText(context)))
}

/** @throws Problem `invalid-request` that names every member at fault. */
export function parseWith<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const { issues } = parsed.error
  const problems = issues.slice(0, mostProblems).map(({ path, message }) => ({
    path: cut(path.join('.')),
    message: cut(message),
  }))
  const left = issues.length - problems.length
  if (left > 0) problems.push({ path: '', message: `and ${left} more` })
  const named = problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
  throw new Problem('invalid-request', `The request is not valid: ${named.slice(0, 5).join('; ')}.`, {
    problems,
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Problem(
      'invalid-request',
      'The body is not JSON.',
      { problems: [{ path: '', message: 'is not JSON' }] },
      error,
    )
  }
}

/** @throws Problem `invalid-request` if the caller disconnects during the body, which is not a failure of this server. */
async function readText(context: Context<AppEnv>): Promise<string> {
  try {
    return await readAll(context)
  } catch (error) {
    if (error instanceof Problem) throw error
    if (error instanceof TextTooLong) throw bodyTooLarge()
    throw new Problem(
      'invalid-request',
      'The body ended before it was complete. Send the request again.',
      { problems: [{ path: '', message: 'is cut short' }] },
      error,
    )
  }
}

async function readAll(context: Context<AppEnv>): Promise<string> {
  const length = context.req.header('content-length')
  if (Number(length ?? 0) > largestBody) throw bodyTooLarge()
  if (length !== undefined) {
    // HTTP ends the body at its declared length. Reading it at once is far less work than chunk by chunk.
    const text = await context.req.text()
    context.set('requestBytes', Number(length))
    if (text.length > largestBody) throw bodyTooLarge()
    return text
  }
  return boundedText(context.req.raw.body, largestBody, (bytes) => context.set('requestBytes', bytes))
}

function bodyTooLarge(): Problem {
  return new Problem('too-large', `The request's body is larger than ${largestBody} bytes.`, {
    maxBytes: largestBody,
  })
}

function cut(text: string): string {
  return text.length > mostEchoed ? `${text.slice(0, mostEchoed)}…` : text
}
