import { withCommonCode } from './common-code.js'
import { headerLike } from './header-like.js'
import { parseStoreError, requestIdHeader } from './parse-store-error.js'
import type { Answer } from './store-channel.js'
import { StoreError } from './store-error.js'
import { XmlError, readXml, textOf } from './xml/read-xml.js'
import type { XmlElement } from './xml/read-xml.js'

/**
 * The root element of an answer, which must have the given name. An `<Error>` with status 200 (complete sends its
 * status before the result is known, 436/7742) is thrown as a refusal; any other content, also an empty or truncated
 * body, as `InvalidAnswer`.
 */
export function readAnswer(answer: Answer, root: string, asked: string): XmlElement {
  const xml = parse(answer, asked)
  if (xml.name === 'Error') {
    const { status, headers, body, dialect } = answer
    throw withCommonCode(parseStoreError(status, headers, body, asked), dialect)
  }
  if (xml.name !== root) throw invalidAnswer(answer, asked, `<${xml.name}> instead of <${root}>`)
  return xml
}

function parse(answer: Answer, asked: string): XmlElement {
  try {
    return readXml(answer.body)
  } catch (error) {
    if (!(error instanceof XmlError)) throw error
    const found = answer.body.trim() === '' ? 'an empty body' : error.message
    throw invalidAnswer(answer, asked, found, error)
  }
}

/** The text of a required, non-empty element. */
export function requiredText(
  answer: Answer,
  asked: string,
  xml: XmlElement,
  ...names: readonly string[]
): string {
  const text = textOf(xml, ...names) ?? ''
  if (text === '') throw invalidAnswer(answer, asked, `no <${names.join('> or <')}> in <${xml.name}>`)
  return text
}

export function invalidAnswer(
  { status, headers = {} }: Pick<Answer, 'status'> & Partial<Pick<Answer, 'headers'>>,
  asked: string,
  found: string,
  cause?: unknown,
): StoreError {
  return new StoreError(`${asked} got an answer that makes no sense: ${found}`, {
    code: 'InvalidAnswer',
    status,
    requestId: headerLike(headers, requestIdHeader),
    cause,
  })
}

/**
 * Removes the quotes that COS and S3 write around ETags (RFC 9110 section 8.8.3); this project uses ETags without
 * quotes.
 */
export function unquoteEtag(etag: string): string {
  return etag.replace(/^(?:W\/)?"(.*)"$/, '$1')
}
