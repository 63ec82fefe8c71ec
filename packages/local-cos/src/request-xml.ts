import { CosError } from './errors.js'
import { parseXml, XmlSyntaxError, type XmlElement } from './xml.js'

/**
 * Parses the XML of a request body, which must have the given root.
 *
 * @throws {@link CosError} `MalformedXML`
 */
export function parseBodyXml(body: string, root: string): XmlElement {
  try {
    const document = parseXml(body)
    if (document.name !== root) throw new XmlSyntaxError(`the root is <${document.name}>, not <${root}>`)
    return document
  } catch (error) {
    if (!(error instanceof XmlSyntaxError)) throw error
    throw new CosError('MalformedXML', `The XML of the body cannot be used: ${error.message}.`, {
      cause: error,
    })
  }
}
