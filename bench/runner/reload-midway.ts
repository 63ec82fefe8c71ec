import type { Page } from 'playwright-core'
import type { Figure } from '../contestants/figures.js'
import { pick, withPage } from './open-page.js'
import type { PickedFile, Variant } from './run-upload.js'
import { slowDownPage } from './slowed-page.js'
import type { LineSpeed } from './slowed-page.js'
import type { TestBed } from './test-bed.js'

/** What a user sees and loses by reloading midway and picking the file again. Bytes are counted at the line. */
export interface ReloadedUpload {
  readonly label: string
  /** Bytes across the line when a figure of at least 1 % was first shown; `null`: none was shown before the reload. */
  readonly bytesAtFirstFigure: number | null
  /** Milliseconds from the pick to that figure; `null` as above. */
  readonly firstFigureMs: number | null
  /** The largest step from one figure to the next, percent points, before the reload. */
  readonly largestStep: number
  /** Percent: the last figure before the reload, and the first of at least 1 % after the second pick. */
  readonly figureBefore: number
  readonly figureAfter: number
  /** From the second pick to that figure, milliseconds. */
  readonly figureAfterMs: number
  /** Bytes that had crossed the line and were never acknowledged. */
  readonly bytesLost: number
}

/** Milliseconds between two polls of the page. */
const lookEvery = 50

/**
 * Uploads one file over a slow line, reloads the page once `share` of it (0 to 1) has crossed the line, picks the file
 * again and waits for a figure.
 *
 * @param testBed a test bed that counts the traffic
 * @throws {Error} if the share or the figure is not reached within `longestMs`
 */
export async function reloadMidway(
  testBed: TestBed,
  variant: Variant,
  files: readonly PickedFile[],
  {
    line,
    share,
    longestMs,
  }: { readonly line: LineSpeed; readonly share: number; readonly longestMs: number },
): Promise<ReloadedUpload> {
  await testBed.clear()
  const size = files.reduce((sum, file) => sum + file.size, 0)
  return withPage(testBed, { ...variant, figures: true }, files, async ({ page, reload }) => {
    await slowDownPage(page, line)
    let bytesAtFirstFigure: number | null = null
    await pick(page, files)
    const before = await lookUntil(page, longestMs, async ({ figures }) => {
      const { acknowledged, inVain, open } = await testBed.lineAccount()
      const bytes = acknowledged + inVain + open
      if (figures.some(isFigure)) bytesAtFirstFigure ??= bytes
      return bytes >= share * size
    })
    await reload()
    await pick(page, files)
    const after = await lookUntil(page, longestMs, async ({ figures }) => figures.some(isFigure))
    const first = before.figures.find(isFigure)
    const again = after.figures.find(isFigure)
    return {
      label: variant.label,
      bytesAtFirstFigure,
      firstFigureMs: first === undefined ? null : first.at - before.pickedAt,
      largestStep: largestStep(before.figures),
      figureBefore: before.figures.at(-1)?.percent ?? 0,
      figureAfter: again?.percent ?? 0,
      figureAfterMs: (again?.at ?? NaN) - after.pickedAt,
      bytesLost: (await testBed.lineAccount()).inVain,
    }
  })
}

interface Shown {
  readonly pickedAt: number
  readonly figures: readonly Figure[]
}

async function lookUntil(
  page: Page,
  longestMs: number,
  enough: (shown: Shown) => Promise<boolean>,
): Promise<Shown> {
  const deadline = performance.now() + longestMs
  while (performance.now() < deadline) {
    const shown = await page.evaluate(() => globalThis.benchPage?.shown())
    if (shown !== undefined && (await enough(shown))) return shown
    await page.waitForTimeout(lookEvery)
  }
  throw new Error(`What was waited for was not seen within ${longestMs / 1000} s.`)
}

function isFigure({ percent }: Figure): boolean {
  return percent >= 1
}

function largestStep(figures: readonly Figure[]): number {
  const values = [0, ...figures.map(({ percent }) => percent)]
  return Math.max(0, ...values.slice(1).map((value, index) => value - (values[index] ?? 0)))
}
