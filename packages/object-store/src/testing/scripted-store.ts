import { createCosStore } from '../cos-store.js'
import type { ObjectStore } from '../object-store.js'
import type { StoreOptions } from '../rest-store.js'
import { scriptedFetch } from './scripted-fetch.js'
import type { ScriptedAnswer, ScriptedFetch } from './scripted-fetch.js'

export const location = {
  dialect: 'cos',
  baseUrl: 'https://b-1250000000.cos.ap-guangzhou.myqcloud.com',
  bucket: 'b-1250000000',
  region: 'ap-guangzhou',
} as const

export const credentials = { accessKeyId: 'AKID', secretAccessKey: 'secret' }

/** A COS store that receives these answers, and does not wait between attempts. */
export function scriptedStore(
  answers: readonly ScriptedAnswer[],
  options: Partial<StoreOptions> = {},
): ScriptedFetch & { readonly store: ObjectStore } {
  const script = scriptedFetch(...answers)
  const retry = { sleep: () => Promise.resolve() }
  return {
    ...script,
    store: createCosStore({ location, credentials, fetch: script.fetch, retry, ...options }),
  }
}
