import { headerLike } from './header-like.js'
import { StoreError } from './store-error.js'
import { decodeXmlText } from './xml/xml-text.js'

/** Request id headers of stores, such as `x-cos-request-id`. Excludes `x-request-id`, which a proxy would set. */
export const requestIdHeader = /^x-\w+-request-id$/

/** Codes for refusals without a body; the answer to HEAD never has one. */
const codeOfStatus: Readonly<Record<number, string>> = {
  403: 'AccessDenied',
  404: 'NotFound',
  408: 'RequestTimeout',
  409: 'Conflict',
  412: 'PreconditionFailed',
  416: 'InvalidRange',
  429: 'SlowDown',
  500: 'InternalError',
  503: 'ServiceUnavailable',
}

/**
 * Converts a store's refusal to an error: from its `<Error>` XML (COS 436/7730) and headers or, without such a body
 * (HEAD, a proxy in between), from the status. Pure, and without an XML parser, because browsers load it.
 *
 * @param status HTTP status
 * @param headers names in lower case; without those that CORS hides
 * @param body the answer's text
 * @param asked description of the request, for the message: `UploadPart 3 of "a.bin"`
 */
export function parseStoreError(
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
  asked = 'The request',
): StoreError {
  const isError = /<Error[\s>]/.test(body)
  const field = (name: string): string | undefined => (isError ? elementText(body, name) : undefined)
  const code = field('Code') ?? codeOfStatus[status] ?? 'InvalidAnswer'
  const requestId = field('RequestId') ?? headerLike(headers, requestIdHeader)
  const reason = field('Message') ?? (isError ? '' : 'the answer has no error body')
  return new StoreError(
    `${asked} was refused: ${code} (${status})${reason === '' ? '' : `: ${reason}`}` +
      (requestId === undefined ? '' : ` [request ${requestId}]`),
    {
      code,
      status,
      requestId,
      retryAfter: parseRetryAfter(headers['retry-after']),
      storeTime: parseTime(field('ServerTime')) ?? parseTime(headers['date']),
    },
  )
}

function elementText(xml: string, name: string): string | undefined {
  const content = new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}\\s*>`).exec(xml)?.[1]
  const text = content === undefined ? '' : decodeXmlText(content).trim()
  return text === '' ? undefined : text
}

function parseTime(text: string | undefined): Date | undefined {
  const time = new Date(text ?? '')
  return Number.isNaN(time.getTime()) ? undefined : time
}

/** Only the form in seconds: no store sends the other one (RFC 9110 section 10.2.3). */
function parseRetryAfter(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,6}$/.test(value) ? Number(value) * 1000 : undefined
}
