import { parseArgs } from 'node:util'

export interface BenchArguments {
  readonly full: boolean
  /** Workloads chosen by name; `null`: those of the mode. */
  readonly only: readonly string[] | null
  /** Rounds; `null`: as many as the mode has. */
  readonly rounds: number | null
  /** Whether the results go into docs/performance.md. */
  readonly write: boolean
}

/**
 * @param names of the workloads that there are
 * @throws {Error} that says what is wrong with the command line
 */
export function readArguments(argv: readonly string[], names: readonly string[]): BenchArguments {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      full: { type: 'boolean', default: false },
      only: { type: 'string' },
      rounds: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
    },
  })
  const only = values.only?.split(',') ?? null
  const unknown = (only ?? []).filter((name) => !names.includes(name))
  if (unknown.length > 0) throw new Error(`No workload ${unknown.join(', ')}; there are ${names.join(', ')}.`)
  const rounds = values.rounds === undefined ? null : Number(values.rounds)
  if (rounds !== null && !(Number.isInteger(rounds) && rounds > 0)) {
    throw new Error('--rounds takes a whole number, 1 or more.')
  }
  return { full: values.full, only, rounds, write: !values['dry-run'] }
}
