import './styles.js'
import { createUploader } from '@carryon/client'
import { createLanguage } from '@carryon/vue'
import { createApp } from 'vue'
import App from './App.vue'
import { followColorScheme } from './color-scheme.js'

followColorScheme()
const uploader = createUploader({ backend: '/api' })
createApp(App, { uploader }).use(createLanguage()).mount('#app')
