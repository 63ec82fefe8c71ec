import { md5Base64 } from './md5.js'
import type { ObjectStore } from './object-store.js'
import type { SignedForm } from './store-calls.js'

const right = 'the right bytes'
const other = 'the other bytes'

/** Options of {@link probeForms}. */
export interface ProbeFormsOptions {
  /** Sends the forms, as a browser would. Default: the global one. */
  readonly fetch?: typeof globalThis.fetch
  /** Milliseconds after which the result is no. Default 15 000. */
  readonly timeout?: number
}

/**
 * Tests, with one small object that is removed afterwards, whether browsers may send small files by signed forms:
 * whether the store accepts such a form, refuses other bytes and headers, and whether the CORS rules allow POST
 * wherever they allow PUT. Needs permission to read the CORS rules; whatever cannot be tested counts as no.
 *
 * @param prefix of the object's key
 * @example const forms = await probeForms(store, 'uploads/')
 */
export async function probeForms(
  store: ObjectStore,
  prefix: string,
  { fetch = globalThis.fetch, timeout = 15_000 }: ProbeFormsOptions = {},
): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const timedOut = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), timeout)
  })
  try {
    return await Promise.race([probe(store, prefix, fetch), timedOut])
  } finally {
    clearTimeout(timer)
  }
}

async function probe(store: ObjectStore, prefix: string, fetch: typeof globalThis.fetch): Promise<boolean> {
  const key = `${prefix}carryon-check-${crypto.randomUUID()}`
  try {
    if (!(await corsAllowsForms(store))) return false
    const form = await store.presignForm({
      key,
      size: bytesOf(right).length,
      headers: {
        contentMd5: md5Base64(bytesOf(right)),
        contentType: 'text/plain',
        contentDisposition: "attachment; filename*=UTF-8''%E8%AF%95",
      },
      expiresIn: 300,
    })
    if ((await sendForm(form, right, fetch)) >= 300) return false
    const { size } = (await store.headObject(key)) ?? { size: 0 }
    if (size !== bytesOf(right).length) return false
    const changed = (fields: Readonly<Record<string, string>>) => ({
      ...form,
      fields: { ...form.fields, ...fields },
    })
    const answers = [
      await sendForm(form, other, fetch),
      await sendForm(changed({ 'Content-MD5': md5Base64(bytesOf(other)) }), other, fetch),
      await sendForm(changed({ 'Content-Encoding': 'gzip' }), right, fetch),
      await sendForm(changed({ 'x-cos-meta-added': '1' }), right, fetch),
    ]
    return answers.every((status) => status >= 400 && status < 500)
  } catch {
    // Treated as no: the server then uses PUT.
    return false
  } finally {
    await store.deleteObject(key).catch(() => undefined)
  }
}

/**
 * A page that may PUT but not POST could not read the answer to its form. The first rule that matches a request
 * decides (436/8279), so each rule must allow both or neither.
 */
async function corsAllowsForms(store: ObjectStore): Promise<boolean> {
  const rules = (await store.getCors()).map(({ allowedMethods }) => ({
    put: allowedMethods.includes('PUT'),
    post: allowedMethods.includes('POST'),
  }))
  return rules.some(({ put }) => put) && rules.every(({ put, post }) => put === post)
}

/** @returns the status of the answer */
async function sendForm(
  { url, fields }: SignedForm,
  content: string,
  fetch: typeof globalThis.fetch,
): Promise<number> {
  const body = new FormData()
  for (const [name, value] of Object.entries(fields)) body.append(name, value)
  body.append('file', new Blob([content]), 'file')
  const answer = await fetch(url, { method: 'POST', body })
  await answer.body?.cancel()
  return answer.status
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
