// For tools that cannot read .vue files. vue-tsc can, and uses the real types.
declare module '*.vue' {
  import type { DefineComponent } from 'vue'

  const component: DefineComponent<Record<string, unknown>>
  export default component
}
