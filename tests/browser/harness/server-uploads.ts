import type { RegisteredUpload } from '@carryon/client'
import type { BrowserContext } from 'playwright-core'

/** The cookies that identify the browser to a server, as a `Cookie` header. */
export async function cookieHeader(context: BrowserContext, url: string): Promise<string> {
  const cookies = await context.cookies(url)
  return cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
}

/** One upload of the owner, with what a list omits: how it was divided into parts. */
export async function uploadOf(productUrl: string, cookie: string, id: string): Promise<RegisteredUpload> {
  const url = new URL(`/api/uploads/${id}`, productUrl)
  const answer = await fetch(url, { headers: { cookie } })
  if (!answer.ok) throw new Error(`${url.href} answered ${answer.status}: ${await answer.text()}`)
  return ((await answer.json()) as { upload: RegisteredUpload }).upload
}

/** The owner's uploads as the server lists them. */
export async function listUploads(
  productUrl: string,
  cookie: string,
  state: 'open' | 'done',
): Promise<readonly RegisteredUpload[]> {
  const uploads: RegisteredUpload[] = []
  let cursor: string | null = null
  do {
    const url = new URL('/api/uploads', productUrl)
    url.searchParams.set('state', state)
    url.searchParams.set('limit', '200')
    if (cursor !== null) url.searchParams.set('cursor', cursor)
    const answer = await fetch(url, { headers: { cookie } })
    if (!answer.ok) throw new Error(`${url.href} answered ${answer.status}: ${await answer.text()}`)
    const page = (await answer.json()) as { uploads: RegisteredUpload[]; next: string | null }
    uploads.push(...page.uploads)
    cursor = page.next
  } while (cursor !== null)
  return uploads
}
