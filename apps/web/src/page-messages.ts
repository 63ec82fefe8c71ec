import type { Language } from '@carryon/vue'

/** Texts of the page around the upload components. */
export interface PageMessages {
  readonly headline: string
  readonly intro: string
  /** Accessible label of the language switch, in the language it switches to. */
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

/** The page's texts in the given language; in English if the page does not have that language. */
export function pageMessagesIn(language: Language): PageMessages {
  return built[language === 'zh' ? 'zh' : 'en']
}
