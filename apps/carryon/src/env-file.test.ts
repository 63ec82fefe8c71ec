import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readEnvFile } from './env-file.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carryon-env-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function read(text: string, environment: Record<string, string> = {}): Promise<Record<string, string>> {
  await writeFile(join(folder, '.env'), text)
  readEnvFile(folder, environment)
  return environment
}

// In the cases marked with "!", Node 20's own `util.parseEnv` silently loses a variable.
test.each([
  ['comments', '# a comment\nA=1 # behind a value\nB="1 # 2"\nC=1#2', { A: '1', B: '1 # 2', C: '1' }],
  ['quotes', `A="it's"\nB='say "hi"'\nC=\`both ' and "\``, { A: "it's", B: 'say "hi"', C: `both ' and "` }],
  ['several lines', 'A="one\ntwo"\nB=1', { A: 'one\ntwo', B: '1' }],
  ['\\n in double quotes alone', 'A="1\\n2"\nB=\'1\\n2\'', { A: '1\n2', B: '1\\n2' }],
  ['nothing', 'A=\nB=""\nC=1', { A: '', B: '', C: '1' }],
  [
    'signs of equality',
    'A=postgres://u:p@h/n?a=1&b=2\nB=abc==',
    { A: 'postgres://u:p@h/n?a=1&b=2', B: 'abc==' },
  ],
  ['lines that end as on Windows', 'A=1\r\n\r\nB="2"\r\nC=3', { A: '1', B: '2', C: '3' }],
  ['export, with one blank or more (!)', 'export A=1\nexport  B=2', { A: '1', B: '2' }],
  ['a byte order mark, as of editors on Windows (!)', '\ufeffA=1\nB=2', { A: '1', B: '2' }],
  ['a line of blanks before a variable (!)', 'A=1\n  \nB=2', { A: '1', B: '2' }],
  ['a tab before a variable (!)', 'A=1\n\tB=2', { A: '1', B: '2' }],
  ['a line that says nothing before a variable (!)', 'what is this\nA=1', { A: '1' }],
])('takes %s', async (_, text, expected) => {
  expect(await read(text)).toEqual(expected)
})

test('what the environment has goes before the file, empty or not', async () => {
  expect(await read('A=file\nB=file\nC=file', { A: 'set', B: '' })).toEqual({ A: 'set', B: '', C: 'file' })
})

test('a folder without the file is none to complain about', () => {
  const environment = {}
  readEnvFile(folder, environment)
  expect(environment).toEqual({})
})
