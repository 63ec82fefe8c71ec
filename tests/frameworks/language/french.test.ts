import { CarryonUploads, createLanguage, en, zh } from '@carryon/vue'
import { createFakeUploader } from '@carryon/vue/testing'
import { expect, test } from 'vitest'
import { createSSRApp } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { fr } from './french.js'

function page(preferred: readonly string[]) {
  const uploader = createFakeUploader()
  uploader
    .upload({ name: 'film.mp4', size: 2_000_000, type: '' })
    .show({ state: 'uploading', progress: { loaded: 500_000, speed: 12_345_678, secondsLeft: 494 } })
  const language = createLanguage({ messages: { en, zh, fr }, preferred, storage: null })
  const app = createSSRApp(CarryonUploads, { uploader, title: 'Test' }).use(language)
  return { language, html: () => renderToString(app) }
}

test('a page speaks a language that the application brings, figures and durations as well', async () => {
  const { language, html } = page(['fr-CA', 'en'])
  expect(language.language.value).toBe('fr')
  const said = await html()
  for (const words of [fr.dropTitle, fr.states.uploading, fr.pause, '0.5 MB/2.0 MB', '12.3 MB/s']) {
    expect(said).toContain(words)
  }
  expect(said).toMatch(/8\smin 14\ss restantes/)
})

test('what is not translated is said in English, and the languages can be listed for a switch', async () => {
  const { language, html } = page(['fr'])
  expect(await html()).toContain(fr.automatic)
  expect(fr.automatic).toBe(en.automatic)
  expect(language.languages).toEqual(['en', 'zh', 'fr'])
  language.language.value = 'zh'
  expect(language.messages.value).toBe(zh)
})

test('a language without texts is not chosen', () => {
  const { language } = page(['de'])
  expect(language.language.value).toBe('en')
  language.language.value = 'de'
  expect(language.language.value).toBe('en')
})
