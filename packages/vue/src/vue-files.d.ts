// For tools that do not read .vue files themselves; vue-tsc does, and takes the real types.
declare module '*.vue' {
  import type { DefineComponent } from 'vue'

  const component: DefineComponent<Record<string, unknown>>
  export default component
}
