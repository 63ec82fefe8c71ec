import { readAnswer } from './answer-xml.js'
import { corsRulesOf, corsXml } from './cors-rules.js'
import { abortDaysOf, withAbortRule } from './lifecycle-rules.js'
import { md5Base64 } from './md5.js'
import type { ObjectStore } from './object-store.js'
import { describe } from './store-channel.js'
import type { Call, StoreChannel } from './store-channel.js'
import { StoreError } from './store-error.js'
import { textOf } from './xml/read-xml.js'
import type { XmlElement } from './xml/read-xml.js'
import { element, writeXml } from './xml/write-xml.js'

type BucketCalls = Pick<
  ObjectStore,
  'headBucket' | 'isVersioned' | 'getCors' | 'putCors' | 'getAbortIncompleteDays' | 'putAbortIncompleteDays'
>

/** The bucket and its rules: COS 436/7735, 436/8274 and 436/8279 (CORS), 436/8278 and 436/8280 (lifecycle), 436/19888 (versioning). */
export function bucketCalls(channel: StoreChannel): BucketCalls {
  /** A part of the bucket's configuration; empty if the store answers that there is none. */
  async function getConfiguration(
    name: 'cors' | 'lifecycle' | 'versioning',
    root: string,
    none?: string,
  ): Promise<XmlElement> {
    const call: Call = {
      operation: `Get ${name}`,
      method: 'GET',
      key: '',
      query: { [name]: '' },
      repeatable: true,
    }
    try {
      return readAnswer(await channel.call(call), root, describe(call))
    } catch (error) {
      if (error instanceof StoreError && error.code === none) return element(root)
      throw error
    }
  }

  async function putConfiguration(name: 'cors' | 'lifecycle', xml: XmlElement): Promise<void> {
    const body = writeXml(xml)
    await channel.call({
      operation: `Put ${name}`,
      method: 'PUT',
      key: '',
      query: { [name]: '' },
      // Lifecycle rules are refused without a Content-MD5 (436/8280).
      headers: { 'content-type': 'application/xml', 'content-md5': md5Base64(body) },
      body,
      repeatable: true,
    })
  }

  const getCors = (): Promise<XmlElement> =>
    getConfiguration('cors', 'CORSConfiguration', 'NoSuchCORSConfiguration')
  const getLifecycle = (): Promise<XmlElement> =>
    getConfiguration('lifecycle', 'LifecycleConfiguration', 'NoSuchLifecycleConfiguration')

  return {
    async headBucket() {
      await channel.call({ operation: 'HeadBucket', method: 'HEAD', key: '', repeatable: true })
    },
    async isVersioned() {
      const xml = await getConfiguration('versioning', 'VersioningConfiguration')
      return textOf(xml, 'Status')?.trim() === 'Enabled'
    },
    async getCors() {
      return corsRulesOf(await getCors())
    },
    async putCors(rules) {
      await putConfiguration('cors', corsXml(rules, await getCors()))
    },
    async getAbortIncompleteDays(prefix) {
      return abortDaysOf(await getLifecycle(), prefix)
    },
    async putAbortIncompleteDays(prefix, days) {
      await putConfiguration('lifecycle', withAbortRule(await getLifecycle(), prefix, days))
    },
  }
}
