import { en, zh } from '@carryon/view'
import { describe, expect, it, vi } from 'vitest'
import { createSSRApp, defineComponent, h, nextTick, watchEffect } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { mountText } from '../testing/mount.js'
import { createLanguage, useLanguage } from './use-language.js'

function memory(initial: Record<string, string> = {}) {
  const items = new Map(Object.entries(initial))
  return {
    items,
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
  }
}

const refusing = {
  getItem: () => {
    throw new Error('SecurityError')
  },
  setItem: () => {
    throw new Error('QuotaExceededError')
  },
}

/** Shows the language's name. */
const Name = defineComponent({
  setup() {
    const { messages } = useLanguage()
    return () => h('p', messages.value.languageName)
  },
})

describe('createLanguage', () => {
  it('follows the browser until somebody chooses, and then remembers the choice', () => {
    const storage = memory()
    const choice = createLanguage({ preferred: ['zh-CN'], storage })
    expect(choice.messages.value).toBe(zh)
    expect(storage.items.size).toBe(0)
    choice.language.value = 'en'
    expect(choice.messages.value).toBe(en)
    const next = createLanguage({ preferred: ['zh-CN'], storage })
    mountText(Name, next)
    expect(next.language.value).toBe('en')
  })

  it('ignores a remembered language that it does not support', () => {
    const choice = createLanguage({ preferred: ['zh'], storage: memory({ 'carryon-language': 'xx' }) })
    mountText(Name, choice)
    expect(choice.language.value).toBe('zh')
  })

  it.each([
    ['refused', refusing],
    ['absent', null],
  ])('works where storage is %s', (_, storage) => {
    const choice = createLanguage({ preferred: [], storage })
    mountText(Name, choice)
    choice.language.value = 'zh'
    expect(choice.messages.value).toBe(zh)
  })
})

describe('a page that a server has rendered', () => {
  const storage = memory({ 'carryon-language': 'zh' })

  it('is rendered the same at first whatever is remembered, and in the remembered language once mounted', async () => {
    const render = (remembered: ReturnType<typeof memory> | null): Promise<string> =>
      renderToString(createSSRApp(Name).use(createLanguage({ preferred: ['en'], storage: remembered })))
    expect(await render(storage)).toBe(await render(null))
    expect(await render(storage)).toBe('<p>English</p>')

    const said: string[] = []
    const Watching = defineComponent({
      setup() {
        const { messages } = useLanguage()
        watchEffect(() => said.push(messages.value.languageName), { flush: 'sync' })
        return () => h(Name)
      },
    })
    const text = mountText(Watching, createLanguage({ preferred: ['en'], storage }))
    await nextTick()
    expect(said).toEqual(['English', '中文'])
    expect(text()).toBe('中文')
  })

  it('keeps what was chosen before it was mounted', () => {
    const choice = createLanguage({ preferred: ['zh'], storage })
    choice.language.value = 'en'
    mountText(Name, choice)
    expect(choice.language.value).toBe('en')
  })

  it('applies the remembered language without an installed language, too', async () => {
    vi.stubGlobal('localStorage', memory({ 'carryon-language': 'zh' }))
    const text = mountText(Name)
    await nextTick()
    vi.unstubAllGlobals()
    expect(text()).toBe('中文')
  })

  it('does not use the language of the machine that renders the page', () => {
    vi.stubGlobal('navigator', { languages: ['zh-CN'] })
    const { language } = createLanguage({ storage: null })
    vi.unstubAllGlobals()
    expect(language.value).toBe('en')
  })
})
