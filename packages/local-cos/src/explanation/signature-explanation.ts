/** What a refused signature should have been made over and, when it can be found out, what it was made over. */
export interface SignatureExplanation {
  /** What this store made its signature over: the text that covers the request, and the string to sign. */
  readonly expected: SignedText
  /** What the client signed; `null` when no usual mistake explains its signature. */
  readonly signed: SignedText | null
  /** What the client did otherwise; empty when that is not known. */
  readonly mistakes: readonly Mistake[]
}

export interface SignedText {
  /** COS: the HttpString, which an error names `FormatString`. S3: the canonical request. */
  readonly request: string
  readonly stringToSign: string
}

/** A way in which clients are known to sign something other than the request. */
export type Mistake =
  | 'path-without-bucket'
  | 'path-with-bucket'
  | 'path-encoded'
  | 'path-encoded-twice'
  | 'path-root'
  | 'another-method'
  | 'upper-case-method'
  | 'host-without-port'
  | 'host-of-the-cloud'
  | 'no-headers'
  | 'no-parameters'
  | 'content-type-without-charset'
  | 'content-length-left-out'
  | 'key-with-blanks'
  | 'payload-unsigned'
  | 'payload-empty'

/** A change to a request that makes it what a client with this mistake signs; `null` where it changes nothing. */
export type Variation<Content> = readonly [mistake: Mistake, change: (content: Content) => Content | null]

/**
 * Finds out what a client signed: tries the mistakes that clients make, alone and together, until one of them gives the
 * signature that came. Costs some thousand hashes, so it is done when someone looks.
 *
 * @param given the signature that the client sent.
 * @param groups mistakes of one group exclude each other, such as two that are about the path.
 * @param sign makes the signature of a request as this store would.
 */
export function explain<Content>(
  content: Content,
  given: string,
  groups: readonly (readonly Variation<Content>[])[],
  sign: (content: Content) => { readonly signature: string; readonly text: SignedText },
): SignatureExplanation {
  const expected = sign(content).text
  for (const attempt of attempts(content, groups)) {
    const { signature, text } = sign(attempt.content)
    if (signature === given && attempt.mistakes.length > 0) {
      return { expected, signed: text, mistakes: attempt.mistakes }
    }
  }
  return { expected, signed: null, mistakes: [] }
}

/** One way to sign a request, and how it differs from the right one. */
interface Attempt<Content> {
  readonly content: Content
  readonly mistakes: readonly Mistake[]
}

/** All ways to make at most one mistake of each group, fewest mistakes first. */
function attempts<Content>(
  content: Content,
  groups: readonly (readonly Variation<Content>[])[],
): readonly Attempt<Content>[] {
  let found: readonly Attempt<Content>[] = [{ content, mistakes: [] }]
  for (const group of groups) {
    found = found.flatMap((attempt) => [
      attempt,
      ...group.flatMap(([mistake, change]) => {
        const changed = change(attempt.content)
        return changed === null ? [] : [{ content: changed, mistakes: [...attempt.mistakes, mistake] }]
      }),
    ])
  }
  return found.toSorted((a, b) => a.mistakes.length - b.mistakes.length)
}
