import { describe, expect, it } from 'vitest'
import { readCommand, UsageError } from './arguments.js'

function problemOf(...args: readonly string[]): string {
  try {
    readCommand(args)
  } catch (error) {
    if (error instanceof UsageError) return error.message
  }
  return ''
}

describe('the command line', () => {
  it('starts a store that keeps its data, when nothing is asked', () => {
    expect(readCommand([])).toEqual({
      kind: 'serve',
      options: {
        data: './local-cos-data',
        port: 3001,
        page: true,
        faults: false,
        journal: false,
        quiet: false,
        json: false,
      },
    })
  })

  it('takes what is given', () => {
    expect(
      readCommand([
        '--memory',
        '--port',
        '0',
        '--host=::1',
        '--bucket',
        'a-1',
        '--max-bytes',
        '5',
        '--no-page',
      ]),
    ).toMatchObject({
      kind: 'serve',
      options: { data: null, port: 0, host: '::1', bucket: 'a-1', maxBytes: 5, page: false },
    })
    expect(readCommand(['--directory', 'x'])).toMatchObject({ options: { data: 'x' } })
    expect(readCommand(['conformance', '--bucket', 'a-1', '--region', 'r', '--only', 'put'])).toEqual({
      kind: 'conformance',
      options: { bucket: 'a-1', region: 'r', only: 'put', json: false },
    })
  })

  it('asks for help before anything else is looked at', () => {
    expect(readCommand(['--help', '--port', 'x'])).toEqual({ kind: 'help', about: 'serve' })
    expect(readCommand(['conformance', '-h'])).toEqual({ kind: 'help', about: 'conformance' })
  })

  it.each([
    [['--prot', '1'], "Unknown option '--prot'."],
    [['start'], 'There is no command "start".'],
    [['--port'], "Option '--port <value>' argument missing."],
    [['--port', '70000'], '--port must be a whole number from 0 to 65535, not "70000".'],
    [['--port', '1e3'], '--port must be a whole number from 0 to 65535, not "1e3".'],
    [['--max-bytes', '0'], '--max-bytes must be'],
    [['--data='], '--data needs a folder.'],
    [['--memory', '--data', 'x'], 'Give one of them.'],
    [['--memory=yes'], "Option '--memory' does not take an argument."],
    [['conformance'], '--bucket NAME-APPID and --region REGION'],
  ])('%j is refused, saying why', (args, why) => {
    expect(problemOf(...args)).toContain(why)
  })
})
