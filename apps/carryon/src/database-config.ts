/**
 * What is wrong with `DATABASE_URL`, or `null`. The text never contains the URL, which holds the password. An unescaped
 * `#`, `/`, `?` or `@` in the password makes the URL parse differently than intended.
 */
export function databaseUrlProblem(text: string): string | null {
  if (!/^postgres(?:ql)?:\/\//u.test(text)) {
    return 'must begin with postgres://; leave it out for the embedded SQLite'
  }
  if (!URL.canParse(text)) return `is no address. ${encoding}`
  const { hash, pathname, search } = new URL(text)
  return hash !== '' || pathname.includes('@') || search.includes('@')
    ? `is cut by a character of its user or password. ${encoding}`
    : null
}

const encoding =
  'In user and password write # as %23, / as %2F, ? as %3F, @ as %40, : as %3A and % as %25: postgres://user:pass%23word@host:5432/name'
