import type { Variation } from './signature-explanation.js'

type Pairs = readonly (readonly [name: string, value: string])[]

/** What both COS and S3 signatures cover. */
export interface Signable {
  readonly method: string
  readonly path: string
  readonly parameters: Pairs
  readonly headers: Pairs
}

/** Replaces the path; `null` if it is the same. */
export function withPath<Content extends Signable>(content: Content, path: string): Content | null {
  return path === content.path ? null : { ...content, path }
}

/** Replaces a header's value; `null` if that changes nothing. */
export function changeHeader<Content extends Signable>(
  content: Content,
  wanted: string,
  change: (value: string) => string,
): Content | null {
  const headers = content.headers.map(
    ([name, value]) => [name, name === wanted ? change(value) : value] as const,
  )
  const same = headers.every(([, value], index) => value === content.headers[index]?.[1])
  return same ? null : { ...content, headers }
}

export function hostWithoutPort<Content extends Signable>(): Variation<Content> {
  return [
    'host-without-port',
    (content) => changeHeader(content, 'host', (host) => host.replace(/:\d+$/, '')),
  ]
}

export function noParameters<Content extends Signable>(): Variation<Content> {
  return [
    'no-parameters',
    (content) => (content.parameters.length === 0 ? null : { ...content, parameters: [] }),
  ]
}

export function otherMethods<Content extends Signable>(): readonly Variation<Content>[] {
  return ['GET', 'PUT', 'HEAD', 'POST', 'DELETE'].map((method): Variation<Content> => [
    'another-method',
    (content) => (content.method.toUpperCase() === method ? null : { ...content, method }),
  ])
}
