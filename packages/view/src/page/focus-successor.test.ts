import { describe, expect, it } from 'vitest'
import { focusSuccessor, type Removal, type TreeNode } from './focus-successor.js'

/** A node with only what focus needs. */
class FakeNode implements TreeNode {
  parentNode: FakeNode | null = null
  readonly nodeName: string
  readonly children: FakeNode[]

  constructor(nodeName: string, ...children: FakeNode[]) {
    this.nodeName = nodeName
    this.children = children
    for (const child of children) child.parentNode = this
  }

  get firstChild(): FakeNode | null {
    return this.children[0] ?? null
  }

  get lastChild(): FakeNode | null {
    return this.children.at(-1) ?? null
  }

  get nextSibling(): FakeNode | null {
    return this.#beside(1)
  }

  get previousSibling(): FakeNode | null {
    return this.#beside(-1)
  }

  contains(other: FakeNode | null): boolean {
    return other === this || (other !== null && this.contains(other.parentNode))
  }

  /** Like a browser: reports the state before the change. */
  remove(): Removal {
    const { parentNode: target, nextSibling, previousSibling } = this
    if (target === null) throw new Error('It is not in the page.')
    target.children.splice(target.children.indexOf(this), 1)
    this.parentNode = null
    return { target, removedNodes: [this], nextSibling, previousSibling }
  }

  #beside(step: number): FakeNode | null {
    const siblings = this.parentNode?.children ?? []
    return siblings[siblings.indexOf(this) + step] ?? null
  }
}

const button = () => new FakeNode('BUTTON')
const comment = () => new FakeNode('#comment')

/** A page with two sections: one has three rows, the other one row. */
function page() {
  const buttons = [button(), button(), button(), button()] as const
  const rows = buttons.map((one) => new FakeNode('LI', new FakeNode('DIV', one, button())))
  const [a, b, c, d] = rows
  if (a === undefined || b === undefined || c === undefined || d === undefined) throw new Error('four rows')
  const all = button()
  const more = new FakeNode('DIV', button())
  const first = new FakeNode(
    'SECTION',
    new FakeNode('HEADER', new FakeNode('H2'), all),
    new FakeNode('DIV', new FakeNode('UL', comment(), a, b, c, comment()), more),
  )
  const second = new FakeNode('SECTION', new FakeNode('DIV', new FakeNode('UL', d)))
  const root = new FakeNode('DIV', button(), first, comment(), second)
  return { root, first, second, rows: { a, b, c, d }, buttons, all, more }
}

describe('when the focused button is removed, focus moves', () => {
  it('to its row, if that is still there', () => {
    const { root, rows, buttons } = page()
    expect(focusSuccessor(buttons[1], [buttons[1].remove()], root)).toBe(rows.b)
  })

  it('to the next row, or to the previous one after the last row', () => {
    const { root, rows, buttons } = page()
    expect(focusSuccessor(buttons[1], [rows.b.remove()], root)).toBe(rows.c)
    expect(focusSuccessor(buttons[2], [rows.c.remove()], root)).toBe(rows.a)
  })

  it('to a row that stays, if several are removed at once', () => {
    const { root, rows, buttons } = page()
    const removals = [rows.a.remove(), rows.b.remove()]
    expect(focusSuccessor(buttons[1], removals, root)).toBe(rows.c)
  })

  it('to the next section after the last row of its own, or to the previous one after the last section', () => {
    const { root, first, second, rows, buttons, all } = page()
    expect(focusSuccessor(buttons[0], [rows.a.remove(), first.remove()], root)).toBe(second)
    const other = page()
    expect(focusSuccessor(other.buttons[3], [other.second.remove()], other.root)).toBe(other.first)
    expect(focusSuccessor(all, [second.remove()], root)).toBe(null)
  })

  it('to the section, from a button for all of its rows', () => {
    const { root, first, all } = page()
    expect(focusSuccessor(all, [all.remove()], root)).toBe(first)
  })

  it('to the last row, from the button that showed more', () => {
    const { root, rows, more } = page()
    expect(focusSuccessor(more, [more.remove()], root)).toBe(rows.c)
  })

  it('to the top, if nothing is left', () => {
    const { root, first, second, buttons } = page()
    expect(focusSuccessor(buttons[3], [first.remove(), second.remove()], root)).toBe(root)
  })

  it('from a row that lost its button first and was removed afterwards', () => {
    const { root, rows, buttons } = page()
    expect(focusSuccessor(buttons[0], [buttons[0].remove(), rows.a.remove()], root)).toBe(rows.b)
  })
})
