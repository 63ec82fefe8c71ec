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

const built: Readonly<Record<'en' | 'zh', PageMessages>> = {
  en: {
    headline: 'Large uploads that resume',
    intro:
      'Refresh, crash, lose your connection: uploads resume where they stopped, usually without choosing the file again.',
    switchLabel: '切换到中文',
    switchWords: '中文',
    switchTo: 'zh',
  },
  zh: {
    headline: '大文件，断点续传',
    intro: '刷新、崩溃或断网后，从中断处继续上传，通常无需重新选择文件。',
    switchLabel: 'Switch to English',
    switchWords: 'English',
    switchTo: 'en',
  },
}

/** What the page says in a language that it speaks; in English in another one. */
export function pageMessagesIn(language: Language): PageMessages {
  return built[language === 'zh' ? 'zh' : 'en']
}
