import './styles.js'
import { createUploader } from '@carryon/client'
import { createLanguage } from '@carryon/vue'
import { createApp } from 'vue'
import App from './App.vue'
import { followColorScheme } from './color-scheme.js'

followColorScheme()
// Beside the page: `/api`, or `/files/api` where a proxy serves it under a path.
const uploader = createUploader({ backend: new URL('api', document.baseURI).pathname })
createApp(App, { uploader }).use(createLanguage()).mount('#app')
