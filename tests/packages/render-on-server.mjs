// Renders everything @carryon/vue exports like an application's server, and prints the results as JSON.
import { createUploader } from '@carryon/client'
import * as carryon from '@carryon/vue'
import { createSSRApp, h, ref } from 'vue'
import { renderToString } from 'vue/server-renderer'

const asked = []
const backend = new Proxy(
  {},
  {
    get: (_, name) => () => {
      asked.push(String(name))
      return Promise.reject(new Error('Nothing is to be asked on a server.'))
    },
  },
)
const real = createUploader({ backend })
let listeners = 0
const uploader = new Proxy(real, {
  get(target, name) {
    const value = Reflect.get(target, name, target)
    if (name !== 'on') return typeof value === 'function' ? value.bind(target) : value
    return (...args) => {
      const stop = target.on(...args)
      listeners += 1
      return () => {
        listeners -= 1
        stop()
      }
    }
  },
})

const render = (root) => renderToString(createSSRApp(root).use(carryon.createLanguage({ preferred: ['en'] })))
const within = (setup) => ({
  setup: () => {
    setup()
    return () => h('p')
  },
})

const totals = ref({ active: 1, percent: 40 })
const rendered = {
  CarryonUploads: await render({ render: () => h(carryon.CarryonUploads, { uploader, title: 'Files' }) }),
  UploadDropZone: await render({ render: () => h(carryon.UploadDropZone) }),
  useAnnouncement: await render(within(() => carryon.useAnnouncement(ref([])))),
  useLanguage: await render(within(() => carryon.useLanguage())),
  useLeaveWarning: await render(within(() => carryon.useLeaveWarning(ref(true)))),
  useTitleProgress: await render(within(() => carryon.useTitleProgress(totals, ref('Files')))),
  useUploads: await render(within(() => carryon.useUploads({ uploader }))),
}
const exported = Object.entries(carryon)
  .filter(([name, value]) => name.startsWith('use') || (typeof value === 'object' && 'setup' in value))
  .map(([name]) => name)
  .sort()
process.stdout.write(JSON.stringify({ rendered, listeners, asked, exported }))
