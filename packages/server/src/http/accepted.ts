/** One item of an `Accept` or `Accept-Language` header (RFC 9110, 12.4.2), lower case. */
interface Accepted {
  readonly name: string
  /** 0 to 1. */
  readonly weight: number
}

/** The items of a header such as `de, en;q=0.8`, most preferred first. An item with a missing or invalid weight has weight 1. */
export function acceptedItems(header: string): readonly Accepted[] {
  return header
    .split(',')
    .map((item) => {
      const [name = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase())
      const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
      const parsed = weight === undefined ? 1 : Number(weight)
      return { name, weight: parsed >= 0 && parsed <= 1 ? parsed : 1 }
    })
    .filter(({ name, weight }) => name !== '' && weight > 0)
    .toSorted((a, b) => b.weight - a.weight)
}
