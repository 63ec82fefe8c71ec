import type { LeftOut } from '@carryon/view'
import { createFakeUploader } from '@carryon/view/testing'
import { expect, it } from 'vitest'
import { h } from 'vue'
import { renderHtml } from '../testing/render.js'
import CarryonUploads from './CarryonUploads.vue'
import LeftOutList from './LeftOutList.vue'

const alertsOf = (html: string): string[] =>
  Array.from(html.matchAll(/role="alert"[^>]*>(.*?)<\/(?:p|div)>/gs), ([, inside = '']) =>
    inside.replaceAll(/<[^>]*>/g, '').trim(),
  )

it('alerts once about a thousand files that are left out, and lists a few of them', async () => {
  const items = Array.from({ length: 1_000 }, (_, index): LeftOut => ({
    name: `${index}`,
    why: 'unreadable',
  }))
  const html = await renderHtml(LeftOutList, { items })
  expect(alertsOf(html)).toHaveLength(1)
  expect(html.match(/left-out-row/g)?.length).toBeLessThan(100)
  expect(html).toContain('show-more')
})

it('alerts in the same words whatever the number of files that would be forgotten', async () => {
  const alerts = async (files: number): Promise<readonly string[]> => {
    const uploader = createFakeUploader()
    uploader.records.remembers = false
    for (let index = 0; index < files; index += 1) uploader.upload({ name: `${index}`, size: 9, type: '' })
    return alertsOf(await renderHtml({ render: () => h(CarryonUploads, { uploader, title: 't' }) }, {}))
  }
  const [of2, of20] = [await alerts(2), await alerts(20)]
  expect(of2).toHaveLength(1)
  expect(of2[0]).toMatch(/unfinished files have to be chosen again/)
  expect(of20).toEqual(of2)
})
