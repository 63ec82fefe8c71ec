import { atPath, childText, childrenOf, type XmlElement } from './xml.js'
import { group, maybe, one, oneOf, shapeProblem, someText } from './xml-shape.js'

/** Documents and SDKs use two names for this element; COS answers with the second. */
const encryptionDefaults = ['ApplySideEncryptionConfiguration', 'ApplyServerSideEncryptionByDefault'] as const
const encryptionDefault = group({
  SSEAlgorithm: one(oneOf('AES256', 'KMS', 'cos/kms')),
  KMSMasterKeyID: maybe(someText),
  KMSAlgorithm: maybe(someText),
  BucketKeyEnabled: maybe(oneOf('true', 'false')),
})

/** Problem with a bucket's default encryption; `undefined` if it is valid. */
export function encryptionProblem(root: XmlElement): string | undefined {
  const rule = group(Object.fromEntries(encryptionDefaults.map((name) => [name, maybe(encryptionDefault)])))
  const [first] = childrenOf(root, 'Rule')
  return (
    shapeProblem(root, group({ Rule: one(rule) })) ??
    (first?.children.length === 1 ? undefined : `a Rule needs one ${encryptionDefaults[1]}`)
  )
}

/** Valid settings that this store does not support. */
export function keyOfOwn(root: XmlElement): string | undefined {
  const [rule] = childrenOf(root, 'Rule')
  const isAes = rule?.children.every((applied) => childText(applied, 'SSEAlgorithm') === 'AES256') === true
  return isAes ? undefined : 'Encryption with a key of your own'
}

/** Configuration in the form COS returns. */
export function withEncryptionAnswered(root: XmlElement): XmlElement {
  return atPath(root, ['Rule', encryptionDefaults[0]], (applied) => ({
    ...applied,
    name: encryptionDefaults[1],
  }))
}
