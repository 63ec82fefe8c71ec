import { CosError } from './errors.js'
import { parseBodyXml } from './request-xml.js'
import type { Bucket } from './storage/bucket.js'
import { childText, type XmlElement } from './xml.js'

/** What this store carries out of a lifecycle rule. Source: https://cloud.tencent.com/document/product/436/8280 */
export interface LifecycleRule {
  readonly prefix: string
  /** Unfinished uploads begun so many days ago are aborted; `null`: the rule is about something else. */
  readonly abortUploadsAfterDays: number | null
  /** Objects stored so many days ago are deleted. */
  readonly expireObjectsAfterDays: number | null
}

const maxRules = 1000
const day = 86_400_000

/** The enabled rules. @throws {@link CosError} `MalformedXML` */
export function parseLifecycle(xml: string): readonly LifecycleRule[] {
  const root = parseBodyXml(xml, 'LifecycleConfiguration')
  const rules = root.children.filter(({ name }) => name === 'Rule')
  if (rules.length === 0 || rules.length > maxRules) {
    throw new CosError('MalformedXML', `A lifecycle configuration has 1 to ${maxRules} rules.`)
  }
  return rules.flatMap((rule) => {
    const status = childText(rule, 'Status')
    if (status !== 'Enabled' && status !== 'Disabled') {
      throw new CosError('MalformedXML', 'The Status of a lifecycle rule is Enabled or Disabled.')
    }
    const parsed = {
      prefix: prefixOf(rule),
      abortUploadsAfterDays: days(rule, 'AbortIncompleteMultipartUpload', 'DaysAfterInitiation'),
      expireObjectsAfterDays: days(rule, 'Expiration', 'Days'),
    }
    return status === 'Enabled' ? [parsed] : []
  })
}

function prefixOf(rule: XmlElement): string {
  const filter = rule.children.find(({ name }) => name === 'Filter')
  const and = filter?.children.find(({ name }) => name === 'And')
  return childText(and ?? filter ?? rule, 'Prefix') ?? childText(rule, 'Prefix') ?? ''
}

function days(rule: XmlElement, action: string, name: string): number | null {
  const found = rule.children.find((child) => child.name === action)
  const text = found === undefined ? undefined : childText(found, name)
  if (text === undefined) return null
  if (!/^\d{1,5}$/.test(text)) throw new CosError('MalformedXML', `${name} must be a whole number of days.`)
  return Number(text)
}

/** Carries out the bucket's rules once. Resolves to how many uploads and objects went. */
export async function applyLifecycle(
  bucket: Bucket,
  now: number,
): Promise<{ readonly uploads: number; readonly objects: number }> {
  const removed = { uploads: 0, objects: 0 }
  const { lifecycle } = bucket.settings
  if (lifecycle === null) return removed
  for (const rule of parseLifecycle(lifecycle)) {
    const { prefix, abortUploadsAfterDays, expireObjectsAfterDays } = rule
    if (abortUploadsAfterDays !== null) {
      for (const { key, uploadId, initiated } of await bucket.uploads.list()) {
        if (!key.startsWith(prefix) || now - initiated < abortUploadsAfterDays * day) continue
        if (await abortIfOpen(bucket, key, uploadId)) removed.uploads++
      }
    }
    if (expireObjectsAfterDays !== null) {
      for (const { key, lastModified } of await bucket.objects.list()) {
        if (!key.startsWith(prefix) || now - lastModified < expireObjectsAfterDays * day) continue
        // "Appendable objects take no part in the lifecycle" (436/7741).
        if ((await bucket.objects.find(key))?.appendable === true) continue
        if ((await bucket.objects.remove(key, now)) !== null) removed.objects++
      }
    }
  }
  return removed
}

/** Between looking and aborting, the upload may have been completed. */
async function abortIfOpen(bucket: Bucket, key: string, uploadId: string): Promise<boolean> {
  try {
    await bucket.uploads.abort(await bucket.uploads.get(key, uploadId))
    return true
  } catch (error) {
    if (error instanceof CosError && error.code === 'NoSuchUpload') return false
    throw error
  }
}
