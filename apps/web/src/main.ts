import './styles.js'
import { createUploader } from '@carryon/client'
import { httpFinishedFiles } from '@carryon/client/finished'
import { createLanguage } from '@carryon/vue'
import { createApp } from 'vue'
import App from './App.vue'
import { followColorScheme } from './color-scheme.js'

followColorScheme()
// Beside the page: `/api`, or `/files/api` where a proxy serves it under a path.
const api = new URL('api', document.baseURI).pathname
const uploader = createUploader({ backend: api })
createApp(App, { uploader, files: httpFinishedFiles(api) })
  .use(createLanguage())
  .mount('#app')
