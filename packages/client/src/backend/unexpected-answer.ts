/** What came back in place of an answer of docs/api.md, or of the store. */
export interface UnexpectedAnswer {
  readonly status: number
  /** `Content-Type`; `null` where there is none, or it is hidden. */
  readonly type: string | null
  readonly text: string
  /** Where the request was sent on to. */
  readonly redirectedTo?: string | undefined
}

/** Characters of it that are shown. */
const shown = 80

/** What can be said of it: `answered 404 (text/html): "404 Not Found nginx"`. */
export function describeAnswer({ status, type, text, redirectedTo }: UnexpectedAnswer): string {
  const media = type?.split(';')[0]?.trim() ?? ''
  const words = text
    .slice(0, 10_000)
    .replace(/<(style|script)[\s\S]*?<\/\1>|<[^>]*>/gi, ' ')
    .replace(/[\s\p{C}]+/gu, ' ')
    .trim()
  const first = words.length > shown ? `${words.slice(0, shown)}…` : words
  return (
    `answered ${status}` +
    (media === '' ? '' : ` (${media})`) +
    (redirectedTo === undefined ? '' : ` after a redirect to ${redirectedTo}`) +
    (first === '' ? '' : `: "${first}"`)
  )
}
