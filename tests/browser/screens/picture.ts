import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** Screenshots for inspection; not in version control. */
const folder = fileURLToPath(new URL('../../output/screens/', import.meta.url))
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Takes a screenshot of the whole page and expects a sound layout: nothing is cut off and nothing overlaps. */
export async function takePicture(page: Page, name: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, `${name}.png`), await capture(page))
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0)
  expect(await faultsOfLayout(page)).toEqual([])
  // Chinese punctuation is as wide as a character, so no space follows it.
  const chinese = page.locator('html[lang="zh-CN"]')
  if ((await chinese.count()) > 0)
    expect(await page.innerText('body')).not.toMatch(/[。，：？] [\p{L}\p{N}]/u)
}

/**
 * Captures the whole page in one window: a screenshot larger than the window turns the touch screen off while it is
 * taken, so touch-only elements would be missing.
 */
async function capture(page: Page): Promise<Buffer> {
  const window = page.viewportSize()
  const session = await page.context().newCDPSession(page)
  const { cssContentSize } = await session.send('Page.getLayoutMetrics')
  if (window !== null) await page.setViewportSize({ ...window, height: cssContentSize.height })
  const { data } = await session.send('Page.captureScreenshot')
  if (window !== null) await page.setViewportSize(window)
  await session.detach()
  return Buffer.from(data, 'base64')
}

/**
 * Violations that axe finds on the page as it is.
 *
 * @param least minimum number of rules that must have applied, so that a run that checked nothing does not pass
 */
export async function violations(page: Page, least = 16): Promise<readonly string[]> {
  await page.evaluate(axe)
  const results = await page.evaluate<AxeResults>(
    `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] })`,
  )
  expect(results.passes.length).toBeGreaterThanOrEqual(least)
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n  ')}`)
}

/** Buttons cut off by their row, and text that overlaps a button's text. */
function faultsOfLayout(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    interface Text {
      readonly words: string
      readonly parent: Element
      readonly boxes: readonly DOMRect[]
    }
    /** The visible text in `root`, line by line. */
    function textsIn(root: Element): readonly Text[] {
      const texts: Text[] = []
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        const parent = node.parentElement
        const words = node.textContent?.trim() ?? ''
        if (parent === null || words === '' || getComputedStyle(parent).clipPath !== 'none') continue
        const range = document.createRange()
        range.selectNodeContents(node)
        const cut = getComputedStyle(parent).overflow === 'hidden' ? parent.getBoundingClientRect() : null
        const boxes = [...range.getClientRects()].map((box) =>
          cut === null
            ? box
            : new DOMRect(box.x, box.y, Math.max(0, Math.min(box.right, cut.right) - box.x), box.height),
        )
        texts.push({ words, parent, boxes })
      }
      return texts
    }
    const meet = (a: DOMRect, b: DOMRect): boolean =>
      Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
      Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4

    const faults: string[] = []
    for (const row of document.querySelectorAll('li, header')) {
      const { right } = row.getBoundingClientRect()
      const texts = textsIn(row)
      for (const control of row.querySelectorAll('button, a, summary')) {
        const own = textsIn(control)
        const end = Math.min(right, control.getBoundingClientRect().right) + 1
        if (own.flatMap(({ boxes }) => boxes).some((box) => box.right > end)) {
          faults.push(`cut off: ${control.textContent}`)
        }
        for (const { words, parent, boxes } of texts) {
          if (control.contains(parent)) continue
          const isOver = own.some((mine) => mine.boxes.some((box) => boxes.some((other) => meet(box, other))))
          if (isOver) faults.push(`"${words}" lies over "${control.textContent.trim()}"`)
        }
      }
    }
    return faults
  })
}
