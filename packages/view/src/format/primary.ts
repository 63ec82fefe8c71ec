/** The language of a BCP 47 tag without script and region: `zh` for `zh-CN`. */
export function primaryOf(tag: string): string {
  return tag.split('-', 1)[0]?.toLowerCase() ?? tag
}
