import type { Language } from '@carryon/view'
import { createSSRApp, type Component } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { createLanguage } from '../language/use-language.js'

/** HTML of a component as a server renders it. */
export function renderHtml(
  component: Component,
  props: Readonly<Record<string, unknown>>,
  language: Language = 'en',
): Promise<string> {
  const app = createSSRApp(component, props)
  return renderToString(app.use(createLanguage({ preferred: [language], storage: null })))
}
