import type { Target } from './kill-plan.js'
import type { KillOutcome } from './account.js'
import type { KilledUpload } from './killed-upload.js'

const MiB = 1024 * 1024
const targets: readonly Target[] = ['store', 'server', 'browser']

/** Draws a row for each target: how much of what was in flight had to be sent again. */
export function killTable({ kills }: KilledUpload): readonly (readonly string[])[] {
  const row = (name: string, of: readonly KillOutcome[]) => [
    name,
    String(of.length),
    mebibytes(median(of.map(({ bytesAgain }) => bytesAgain))),
    mebibytes(Math.max(...of.map(({ bytesAgain }) => bytesAgain))),
    mebibytes(median(of.map(({ bytesInFlight }) => bytesInFlight))),
    mebibytes(Math.max(...of.map(({ bytesInFlight }) => bytesInFlight))),
    String(of.filter(({ bytesAgain, bytesInFlight }) => bytesAgain > bytesInFlight).length),
  ]
  return [
    [
      'killed',
      'times',
      'sent again, MiB, median',
      'max',
      'in flight, MiB, median',
      'max',
      'more sent again than in flight',
    ],
    ...targets.map((target) =>
      row(
        target,
        kills.filter((kill) => kill.target === target),
      ),
    ),
    row('all', kills),
  ]
}

function mebibytes(bytes: number): string {
  return (bytes / MiB).toFixed(1)
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2
}
