import './styles.js'
import { createUploader } from '@carryon/client'
import { httpFinishedFiles } from '@carryon/client/finished'
import { createLanguage } from '@carryon/vue'
import { createApp } from 'vue'
import App from './App.vue'
import { followColorScheme } from './color-scheme.js'

followColorScheme()
// Relative to the page: `/api`, or `/files/api` when a proxy serves the page under `/files/`.
const api = new URL('api', document.baseURI).pathname
const uploader = createUploader({ backend: api })
createApp(App, { uploader, files: httpFinishedFiles(api) })
  .use(createLanguage())
  .mount('#app')
