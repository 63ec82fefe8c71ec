/** The page with a fake uploader, in the state named in the URL: demo/#uploading, demo/#failed, … */
import '../src/styles.js'
import { createLanguage } from '@carryon/vue'
import { createFakeFinishedFiles, createFakeUploader } from '@carryon/vue/testing'
import { createApp } from 'vue'
import App from '../src/App.vue'
import { followColorScheme } from '../src/color-scheme.js'
import { scenes } from './scenes.js'

followColorScheme()
const uploader = createFakeUploader()

const name = location.hash.slice(1)
const scene = scenes[name]
if (!scene) throw new Error(`No scene ${name}; there are ${Object.keys(scenes).join(', ')}`)
scene(uploader)
const files = createFakeFinishedFiles()
if (name === 'gone') files.error = new Error('not found')
createApp(App, { uploader, files }).use(createLanguage()).mount('#app')
// A page may contain two of these components, each with its own uploader.
if (name === 'two')
  createApp(App, { uploader: createFakeUploader(), files }).use(createLanguage()).mount('#second')
