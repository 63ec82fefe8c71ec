/** HTTP date in Unix seconds; `null` if missing or invalid. */
export function secondsOf(date: string | undefined): number | null {
  const milliseconds = date === undefined ? NaN : Date.parse(date)
  return Number.isNaN(milliseconds) ? null : Math.floor(milliseconds / 1000)
}

/** Whether an `If-Match` or `If-None-Match` list includes the ETag; `*` matches any. */
export function namesETag(list: string, etag: string): boolean {
  return list.split(',').some((entry) => {
    const text = entry.trim()
    return text === '*' || text.replace(/^(?:W\/)?"?|"$/g, '') === etag
  })
}
