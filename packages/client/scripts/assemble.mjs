// `npm run assemble -w @carryon/client`: makes crc64-module.ts of crc64.wat.
import { readFile, writeFile } from 'node:fs/promises'
import wabt from 'wabt'

const folder = new URL('../src/crc64/', import.meta.url)

/** The source of crc64-module.ts that goes with crc64.wat. */
export async function assembled() {
  const source = await readFile(new URL('crc64.wat', folder), 'utf8')
  const { parseWat } = await wabt()
  const { buffer } = parseWat('crc64.wat', source).toBinary({})
  const lines =
    Buffer.from(buffer)
      .toString('base64')
      .match(/.{1,104}/g) ?? []
  return `/** Written by \`npm run assemble -w @carryon/client\` from crc64.wat; do not edit. */
const base64 =
${lines.map((line) => `  '${line}'`).join(' +\n')}

/** What crc64.wat assembles to. */
export function crc64Module(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}
`
}

if (process.argv[1] === import.meta.filename) {
  await writeFile(new URL('crc64-module.ts', folder), await assembled())
}
