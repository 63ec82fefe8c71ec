import { atPath, childText, childrenOf, type XmlElement } from './xml.js'
import { group, maybe, one, oneOf, shapeProblem, someText } from './xml-shape.js'

/** The two names of the documents and the SDKs for the same element; COS answers with the second. */
const encryptionDefaults = ['ApplySideEncryptionConfiguration', 'ApplyServerSideEncryptionByDefault'] as const
const encryptionDefault = group({
  SSEAlgorithm: one(oneOf('AES256', 'KMS', 'cos/kms')),
  KMSMasterKeyID: maybe(someText),
  KMSAlgorithm: maybe(someText),
  BucketKeyEnabled: maybe(oneOf('true', 'false')),
})

/** What is wrong with the default encryption of a bucket; `undefined` when it can be kept. */
export function encryptionProblem(root: XmlElement): string | undefined {
  const rule = group(Object.fromEntries(encryptionDefaults.map((name) => [name, maybe(encryptionDefault)])))
  const [first] = childrenOf(root, 'Rule')
  return (
    shapeProblem(root, group({ Rule: one(rule) })) ??
    (first?.children.length === 1 ? undefined : `a Rule needs one ${encryptionDefaults[1]}`)
  )
}

/** What of it this store could not do, though it is valid. */
export function keyOfOwn(root: XmlElement): string | undefined {
  const [rule] = childrenOf(root, 'Rule')
  const isAes = rule?.children.every((applied) => childText(applied, 'SSEAlgorithm') === 'AES256') === true
  return isAes ? undefined : 'Encryption with a key of your own'
}

/** As COS gives it back. */
export function withEncryptionAnswered(root: XmlElement): XmlElement {
  return atPath(root, ['Rule', encryptionDefaults[0]], (applied) => ({
    ...applied,
    name: encryptionDefaults[1],
  }))
}
