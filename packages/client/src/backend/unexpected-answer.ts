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

/**
 * Whether it may be over in a while: a proxy whose server is away, or a sign-in page of a network. Of the statuses of
 * refusal 408, 425 and 429 ask to come again (RFC 9110, 8470, 6585), and nginx's 499 says that nobody has refused.
 */
export function mayPass(status: number): boolean {
  return status < 400 || status >= 500 || [408, 425, 429, 499].includes(status)
}
