import type { Page } from 'playwright-core'
import { type Line, crossed } from './line.js'

/** All figures the page shows for its only upload, and the bytes that had crossed the line by then. */
export interface ShownFigures {
  readonly state: string
  /** 0 to 100, `aria-valuenow` of the bar. */
  readonly value: number
  /** `41% 40.1 MB/100.0 MB 1.9 MB/s 31 s left`: the text of each figure's element, joined by single spaces. */
  readonly text: string
  readonly title: string
  /** Bytes that had crossed the line just before (`bytes`) and just after (`bytesAfter`) the figures were read. */
  readonly bytes: number
  readonly bytesAfter: number
}

/** Milliseconds between two readings. */
const lookEvery = 250

/** Reads what the row shows now; empty if there is no row. */
export async function lookAt(page: Page, line: Line): Promise<ShownFigures> {
  const bytes = crossed(await line.account())
  const shown = await page.evaluate(() => {
    const row = document.querySelector('[data-testid="upload-row"]')
    const words = row?.querySelector('[data-testid="upload-text"]')
    return {
      state: row?.getAttribute('data-state') ?? '',
      value: Number(
        row?.querySelector('[data-testid="upload-progress"]')?.getAttribute('aria-valuenow') ?? 0,
      ),
      text: Array.from(words?.children ?? [], ({ textContent }) => textContent.trim()).join(' '),
      title: document.title,
    }
  })
  return { ...shown, bytes, bytesAfter: crossed(await line.account()) }
}

/** Reads the figures four times a second until `bytes` have crossed the line. */
export async function recordUntil(page: Page, line: Line, bytes: number): Promise<readonly ShownFigures[]> {
  const looks: ShownFigures[] = []
  for (;;) {
    const look = await lookAt(page, line)
    looks.push(look)
    if (look.bytes >= bytes) return looks
    if (look.state === 'failed') throw new Error(`The upload failed at ${look.value} %.`)
    await page.waitForTimeout(lookEvery)
  }
}

/** Numbers parsed from the shown text; `null` if the text does not contain them. */
export interface Words {
  readonly percent: number
  readonly loadedMB: number
  readonly totalMB: number
  /** MB per second. */
  readonly speed: number | null
  readonly secondsLeft: number | null
}

const unit: Readonly<Record<string, number>> = { B: 1e-6, KB: 1e-3, MB: 1, GB: 1e3 }

/** @throws {Error} if the text lacks the percentage or the bytes */
export function readWords(text: string): Words {
  const percent = /(\d+(?:\.\d+)?)%/.exec(text)?.[1]
  const [, loaded, total] = /([\d.]+) MB\/([\d.]+) MB/.exec(text) ?? []
  if (percent === undefined || loaded === undefined) throw new Error(`These are no figures: "${text}"`)
  const [, speed, speedUnit = ''] = /([\d.]+) (B|KB|MB|GB)\/s/.exec(text) ?? []
  const left = /\/s (.+) left/.exec(text)?.[1]
  return {
    percent: Number(percent),
    loadedMB: Number(loaded),
    totalMB: Number(total),
    speed: speed === undefined ? null : Number(speed) * (unit[speedUnit] ?? NaN),
    secondsLeft: left === undefined ? null : secondsOf(left),
  }
}

/** `2 min 5 s` */
function secondsOf(words: string): number | null {
  const [hours, minutes, seconds] = ['h', 'min', 's'].map((name) =>
    Number(new RegExp(`(\\d+) ?${name}\\b`).exec(words)?.[1] ?? 0),
  )
  const sum = (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0)
  return sum === 0 ? null : sum
}
