/** A date of a header in unix seconds; `null` when it is not given, or none. */
export function secondsOf(date: string | undefined): number | null {
  const milliseconds = date === undefined ? NaN : Date.parse(date)
  return Number.isNaN(milliseconds) ? null : Math.floor(milliseconds / 1000)
}

/** Whether the list of `If-Match` or `If-None-Match` names that ETag; `*` names any. */
export function namesETag(list: string, etag: string): boolean {
  return list.split(',').some((entry) => {
    const text = entry.trim()
    return text === '*' || text.replace(/^(?:W\/)?"?|"$/g, '') === etag
  })
}
