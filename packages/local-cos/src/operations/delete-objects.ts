import { CosError } from '../errors.js'
import { parseBodyXml } from '../request-xml.js'
import { childText, element, xmlDeclaration } from '../xml.js'
import { bucketOf, xmlAnswer, type Answer, type OperationContext } from './context.js'
import { readXmlBody } from './request-body.js'

/** https://cloud.tencent.com/document/product/436/7743: 204 for a missing key too. */
export async function deleteObject(context: OperationContext): Promise<Answer> {
  await bucketOf(context).objects.remove(context.address.key)
  return { status: 204 }
}

const maxKeys = 1000

/** https://cloud.tencent.com/document/product/436/8289 */
export async function deleteMultipleObjects(context: OperationContext): Promise<Answer> {
  const { objects } = bucketOf(context)
  const root = parseBodyXml(await readXmlBody(context), 'Delete')
  const keys = root.children
    .filter(({ name }) => name === 'Object')
    .map((object) => childText(object, 'Key') ?? '')
  if (keys.length === 0 || keys.length > maxKeys || keys.includes('')) {
    throw new CosError('MalformedXML', `Name 1 to ${maxKeys} keys to delete.`)
  }
  const quiet = childText(root, 'Quiet') === 'true'
  const results: string[] = []
  for (const key of keys) {
    if (!context.mayDelete(key)) {
      const refusal = [
        element('Key', key),
        element('Code', 'AccessDenied'),
        element('Message', 'Access Denied.'),
      ]
      results.push(element('Error', refusal))
      continue
    }
    await objects.remove(key)
    if (!quiet) results.push(element('Deleted', [element('Key', key)]))
  }
  return xmlAnswer(xmlDeclaration + element('DeleteResult', results))
}
