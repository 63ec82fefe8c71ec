import { parseArgs } from 'node:util'

export interface BenchArguments {
  readonly full: boolean
  /** Names of the chosen workloads; `null`: the mode's default ones. */
  readonly only: readonly string[] | null
  /** Rounds; `null`: the mode's default number. */
  readonly rounds: number | null
  /** Whether the results are written to docs/performance.md. */
  readonly write: boolean
}

/**
 * @param names names of all workloads
 * @throws {Error} whose message explains what is wrong with the command line
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
