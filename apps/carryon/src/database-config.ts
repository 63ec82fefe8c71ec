/**
 * What is wrong with `DATABASE_URL`, or `null`. The address itself is never repeated: it holds the password. A password
 * with `#`, `/`, `?` or `@` in it cuts an address in another place than was meant.
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
