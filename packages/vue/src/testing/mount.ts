import { createRenderer, type Component, type Plugin } from 'vue'

/** An element without a DOM; only its text can be observed. */
interface Node {
  text: string
  children: Node[]
  parent: Node | null
}

const node = (text = ''): Node => ({ text, children: [], parent: null })

function detach(child: Node): void {
  child.parent?.children.splice(child.parent.children.indexOf(child), 1)
  child.parent = null
}

const { createApp } = createRenderer<Node, Node>({
  createElement: () => node(),
  createText: node,
  createComment: () => node(),
  setText: (target, text) => void (target.text = text),
  setElementText: (target, text) => {
    target.text = text
    target.children = []
  },
  insert: (child, parent, anchor) => {
    detach(child)
    child.parent = parent
    const at = anchor ? parent.children.indexOf(anchor) : -1
    parent.children.splice(at < 0 ? parent.children.length : at, 0, child)
  },
  remove: detach,
  patchProp: () => undefined,
  parentNode: ({ parent }) => parent,
  nextSibling: (child) => child.parent?.children[child.parent.children.indexOf(child) + 1] ?? null,
})

const textOf = ({ text, children }: Node): string => text + children.map(textOf).join('')

/**
 * Mounts a component without a DOM and runs its hooks.
 *
 * @returns a function that reads the component's current text
 */
export function mountText(component: Component, ...plugins: readonly Plugin[]): () => string {
  const app = createApp(component)
  for (const plugin of plugins) app.use(plugin)
  const root = node()
  app.mount(root)
  return () => textOf(root)
}
