import { expect } from 'vitest'
import { slowLines } from '../../bench/runner/slowed-page.js'
import { endToEnd } from './harness/end-to-end.js'
import { pickOverLine } from './harness/line.js'
import { report } from './harness/measurements.js'
import { type ShownFigures, readWords, recordUntil } from './harness/shown-figures.js'

const test = endToEnd()
const MB = 1_000_000
const size = 100 * MB
/** Largest allowed step, in percentage points; for a file of 100 MB one point is 1 MB. */
const largestStep = 5
/** Tolerance, in seconds of line time, on top of the guaranteed two seconds: readings are 0.25 s apart. */
const lookSeconds = 0.75

// Mostly waiting for slow lines, so the cases run concurrently.
test.concurrent.for([
  { speed: slowLines.fourMbit, seconds: 36, firstWithin: 4 },
  { speed: slowLines.sixteenMbit, seconds: 24, firstWithin: 2 },
])(
  '$speed.name: the figures move while bytes move, agree, and never leap',
  async ({ speed, seconds, firstWithin }, { product, arrive, files, onTestFinished }) => {
    const visit = { product, arrive, files, onTestFinished }
    const { line, uploads } = await pickOverLine(speed, size, visit)
    const looks = await recordUntil(uploads.page, line, seconds * line.bytesPerSecond)
    const { mostOpen } = await line.account()
    const shown = looks.filter(({ state }) => state === 'uploading')
    const first = looks.find(({ value }) => value > 0)
    const standing = longestStanding(shown, ({ text }) => text)
    const valueStanding = longestStanding(shown, ({ value }) => String(value))
    const values = looks.map(({ value }) => value)
    await report(`slow-line-figures-${(line.bytesPerSecond * 8) / MB}m`, {
      firstFigureAtSecondOfLine: (first?.bytes ?? NaN) / line.bytesPerSecond,
      longestStandingSecondsOfLine: standing / line.bytesPerSecond,
      largestStep: Math.max(...steps(values)),
      mostOpenSecondsOfLine: mostOpen / line.bytesPerSecond,
      lastValue: values.at(-1),
      lastText: looks.at(-1)?.text,
    })

    expect(first?.bytes ?? Infinity).toBeLessThanOrEqual(firstWithin * line.bytesPerSecond + size / 100)
    expect(Math.max(...steps(values))).toBeLessThanOrEqual(largestStep)
    expect(Math.min(...steps(values))).toBeGreaterThanOrEqual(0)
    expect(standing).toBeLessThanOrEqual((2 + lookSeconds) * line.bytesPerSecond)
    // The bar and the number have a resolution of a tenth of a percent.
    expect(valueStanding).toBeLessThanOrEqual((2 + lookSeconds) * line.bytesPerSecond + size / 1000)
    expect(
      shown.filter((look) => !agrees(look)).map(({ value, text, title }) => ({ value, text, title })),
    ).toEqual([])
    expect(farFromTheLine(shown, line.bytesPerSecond)).toEqual([])
    // Two percent are allowed for what the browser itself may buffer.
    expect(looks.filter(({ value, bytesAfter }) => ((value - 2) / 100) * size > bytesAfter)).toEqual([])
  },
)

function steps(values: readonly number[]): readonly number[] {
  return values.slice(1).map((value, index) => value - (values[index] ?? 0))
}

/**
 * The most bytes that crossed the line while the value read by `of` stayed the same, counted from the first reading.
 */
function longestStanding(looks: readonly ShownFigures[], of: (look: ShownFigures) => string): number {
  let longest = 0
  let since = looks[0]
  for (const look of looks) {
    if (since === undefined || of(look) !== of(since)) since = look
    longest = Math.max(longest, look.bytes - since.bytesAfter)
  }
  return longest
}

/** Whether the number, bytes, bar and title agree. The title is updated one frame later. */
function agrees({ value, text, title }: ShownFigures): boolean {
  const { percent, loadedMB, totalMB } = readWords(text)
  const inTitle = Number(/(\d+\.\d)%/.exec(title)?.[1] ?? NaN)
  const ofBytes = (100 * loadedMB) / totalMB
  return (
    percent === value && Math.abs(inTitle - value) <= 1 && ofBytes - value > -0.2 && ofBytes - value < 0.3
  )
}

/** Readings of the last third whose speed is far from the line's, or whose time left does not match the speed. */
function farFromTheLine(looks: readonly ShownFigures[], bytesPerSecond: number): readonly string[] {
  const late = looks.slice(Math.floor((2 * looks.length) / 3))
  return late
    .filter(({ text }) => {
      const { loadedMB, totalMB, speed, secondsLeft } = readWords(text)
      if (speed === null || secondsLeft === null) return true
      const ofLine = (speed * MB) / bytesPerSecond
      const ofWords = (secondsLeft * speed) / (totalMB - loadedMB)
      return ofLine < 0.5 || ofLine > 1.5 || ofWords < 0.75 || ofWords > 1.25
    })
    .map(({ text }) => text)
}
