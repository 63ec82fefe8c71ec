// `npm run assemble -w @carryon/hash`: assembles the WebAssembly modules from their text.
import { readFile, writeFile } from 'node:fs/promises'
import wabt from 'wabt'
import { md5Text } from './md5-wat.mjs'

const sources = new URL('../src/', import.meta.url)

const modules = {
  'crc64/crc64-module.ts': {
    name: 'crc64Module',
    from: 'crc64.wat',
    text: () => readFile(new URL('crc64/crc64.wat', sources), 'utf8'),
  },
  'md5/md5-module.ts': { name: 'md5Module', from: 'scripts/md5-wat.mjs', text: md5Text },
}

/** The source of a module, by its path in `src`. */
export async function assembled(path) {
  const { name, from, text } = modules[path]
  const { parseWat } = await wabt()
  const { buffer } = parseWat(from, await text(), { simd: true }).toBinary({})
  const lines =
    Buffer.from(buffer)
      .toString('base64')
      .match(/.{1,104}/g) ?? []
  return `/** Written by \`npm run assemble -w @carryon/hash\` from ${from}; do not edit. */
const base64 =
${lines.map((line) => `  '${line}'`).join(' +\n')}

/** What ${from} assembles to. */
export function ${name}(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}
`
}

if (process.argv[1] === import.meta.filename) {
  for (const path of Object.keys(modules)) await writeFile(new URL(path, sources), await assembled(path))
}
