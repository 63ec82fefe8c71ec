import type { Language } from '@carryon/vue'

/** What the page says around the upload components. */
export interface PageMessages {
  readonly headline: string
  readonly intro: string
  /** On the switch, in the language it leads to. */
  readonly switchLabel: string
  readonly switchWords: string
  readonly switchTo: Language
}

export const pageMessages: Readonly<Record<Language, PageMessages>> = {
  en: {
    headline: 'Large files that carry on',
    intro:
      'A refresh, a crash or a lost network costs you nothing: it goes on where it was, mostly without the file being chosen again.',
    switchLabel: '切换到中文',
    switchWords: '中文',
    switchTo: 'zh',
  },
  zh: {
    headline: '大文件，断了接着传',
    intro: '刷新、崩溃、断网都不白传：从断开的地方继续，多半不用重新选择文件。',
    switchLabel: 'Switch to English',
    switchWords: 'English',
    switchTo: 'en',
  },
}
