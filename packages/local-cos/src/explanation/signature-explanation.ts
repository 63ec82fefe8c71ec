/** What a refused signature should have covered and, if it can be found out, what it did cover. */
export interface SignatureExplanation {
  /** What this store signed: the text that covers the request, and the string to sign. */
  readonly expected: SignedText
  /** What the client signed; `null` if no common mistake explains its signature. */
  readonly signed: SignedText | null
  /** What the client did differently; empty if unknown. */
  readonly mistakes: readonly Mistake[]
}

export interface SignedText {
  /** COS: the HttpString, called `FormatString` in errors. S3: the canonical request. */
  readonly request: string
  readonly stringToSign: string
}

/** A known way in which clients sign something other than the request. */
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

/** Changes a request into what a client with this mistake signs; returns `null` if that makes no difference. */
export type Variation<Content> = readonly [mistake: Mistake, change: (content: Content) => Content | null]

/**
 * Finds out what a client signed: tries common mistakes, alone and combined, until one gives the client's
 * signature. Costs some thousand hashes, so it runs only when someone views the explanation.
 *
 * @param given the client's signature.
 * @param groups mistakes in one group exclude each other, such as two about the path.
 * @param sign computes the signature of a request as this store would.
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

/** A way to sign a request, with its mistakes. */
interface Attempt<Content> {
  readonly content: Content
  readonly mistakes: readonly Mistake[]
}

/** All combinations of at most one mistake per group, those with the fewest mistakes first. */
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
