import { withCommonCode } from './common-code.js'
import { headerLike } from './header-like.js'
import { parseStoreError, requestIdHeader } from './parse-store-error.js'
import type { Answer } from './store-channel.js'
import { StoreError } from './store-error.js'
import { XmlError, readXml, textOf } from './xml/read-xml.js'
import type { XmlElement } from './xml/read-xml.js'

/**
 * The root element of an answer, which must have the given name. An `<Error>` that came with status 200 (complete
 * sends its status before it knows, 436/7742) is thrown as the refusal that it is; anything else, an empty or
 * truncated body too, as `InvalidAnswer`.
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

/** The text of an element that must be there and not be empty. */
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

/** COS and S3 write ETags in quotes (RFC 9110 section 8.8.3); everything of ours goes without. */
export function unquoteEtag(etag: string): string {
  return etag.replace(/^(?:W\/)?"(.*)"$/, '$1')
}
