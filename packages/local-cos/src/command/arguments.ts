import { parseArgs } from 'node:util'
import { messageOf } from '../errors.js'

/** A parsed command line. */
export type Command =
  | { readonly kind: 'help'; readonly about: 'serve' | 'conformance' }
  | { readonly kind: 'version' }
  | { readonly kind: 'serve'; readonly options: ServeArguments }
  | { readonly kind: 'conformance'; readonly options: ConformanceArguments }

/** Options for starting the store; absent ones have their default. */
export interface ServeArguments {
  /** `null`: in memory, nothing is kept. */
  readonly data: string | null
  readonly host?: string
  readonly port: number
  readonly bucket?: string
  readonly region?: string
  readonly maxBytes?: number
  readonly page: boolean
  readonly faults: boolean
  readonly journal: boolean
  readonly quiet: boolean
  readonly json: boolean
}

/** The endpoint to check. */
export interface ConformanceArguments {
  readonly bucket: string
  readonly region: string
  readonly endpoint?: string
  readonly only?: string
  readonly json: boolean
}

/** The command line is invalid. The message says what to change. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export const defaultPort = 3001
export const defaultData = './local-cos-data'

const text = { type: 'string' } as const
const flag = { type: 'boolean', default: false } as const

/** @throws {@link UsageError} */
export function readCommand(args: readonly string[]): Command {
  return args[0] === 'conformance' ? readConformance(args.slice(1)) : readServe(args)
}

function readServe(args: readonly string[]): Command {
  const options = {
    help: { ...flag, short: 'h' },
    version: flag,
    data: text,
    // Former name of the option.
    directory: text,
    memory: flag,
    host: text,
    port: text,
    bucket: text,
    region: text,
    'max-bytes': text,
    'no-page': flag,
    faults: flag,
    journal: flag,
    quiet: flag,
    json: flag,
  } as const
  const { values } = parsed(() => parseArgs({ args: [...args], options, allowPositionals: true }))
  if (values.help) return { kind: 'help', about: 'serve' }
  if (values.version) return { kind: 'version' }
  const data = values.data ?? values.directory
  if (data === '') throw new UsageError('--data needs a folder.')
  if (values.memory && data !== undefined) {
    throw new UsageError('--memory keeps nothing, and --data says where to keep it. Give one of them.')
  }
  return {
    kind: 'serve',
    options: {
      data: values.memory ? null : (data ?? defaultData),
      port: values.port === undefined ? defaultPort : wholeNumber('--port', values.port, 0, 65_535),
      ...(values.host === undefined ? {} : { host: values.host }),
      ...(values.bucket === undefined ? {} : { bucket: values.bucket }),
      ...(values.region === undefined ? {} : { region: values.region }),
      ...(values['max-bytes'] === undefined
        ? {}
        : { maxBytes: wholeNumber('--max-bytes', values['max-bytes'], 1, Number.MAX_SAFE_INTEGER) }),
      page: !values['no-page'],
      faults: values.faults,
      journal: values.journal,
      quiet: values.quiet,
      json: values.json,
    },
  }
}

function readConformance(args: readonly string[]): Command {
  const options = {
    help: { ...flag, short: 'h' },
    bucket: text,
    region: text,
    endpoint: text,
    only: text,
    json: flag,
  } as const
  const { values } = parsed(() => parseArgs({ args: [...args], options, allowPositionals: true }))
  if (values.help) return { kind: 'help', about: 'conformance' }
  const { bucket = '', region = '', endpoint, only, json } = values
  if (bucket === '' || region === '') {
    throw new UsageError('conformance needs --bucket NAME-APPID and --region REGION.')
  }
  return {
    kind: 'conformance',
    options: {
      bucket,
      region,
      json,
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(only === undefined ? {} : { only }),
    },
  }
}

/** Runs Node's parser and rewords its errors. The parser has no commands, so any word without dashes is unexpected. */
function parsed<Result extends { readonly positionals: readonly string[] }>(parse: () => Result): Result {
  let result: Result
  try {
    result = parse()
  } catch (error) {
    throw new UsageError(firstSentence(messageOf(error)), {
      cause: error,
    })
  }
  const [word] = result.positionals
  if (word !== undefined) throw new UsageError(`There is no command ${JSON.stringify(word)}.`)
  return result
}

/** The first sentence of Node's message states the problem; the rest is about arguments that begin with a dash. */
function firstSentence(message: string): string {
  return (message.split('\n')[0] ?? message).replace(/\. To specify a positional.*$/, '').replace(/\.?$/, '.')
}

function wholeNumber(name: string, given: string, smallest: number, largest: number): number {
  const value = /^\d{1,16}$/.test(given) ? Number(given) : NaN
  if (!(value >= smallest && value <= largest)) {
    throw new UsageError(
      `${name} must be a whole number from ${smallest} to ${largest}, not ${JSON.stringify(given)}.`,
    )
  }
  return value
}
