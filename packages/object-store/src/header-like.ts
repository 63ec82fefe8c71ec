/** The value of the first header whose name, in lower case, matches. */
export function headerLike(headers: Readonly<Record<string, string>>, name: RegExp): string | undefined {
  return headers[Object.keys(headers).find((each) => name.test(each)) ?? '']
}
