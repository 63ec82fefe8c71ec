const shortestSecret = 32

/** What is wrong with a secret that proves where a request is from; for whoever reads it from a configuration. */
export function secretProblems(secret: string): string[] {
  if (secret.length < shortestSecret) return [`must have at least ${shortestSecret} characters`]
  return /^[\x21-\x7e]+$/u.test(secret) ? [] : ['must be printable ASCII without blanks']
}

/** What is wrong with the name of a header. */
export function headerNameProblems(name: string): string[] {
  return /^[\w!#$%&'*+.^`|~-]+$/u.test(name) ? [] : [`"${name}" must be the name of a header`]
}
