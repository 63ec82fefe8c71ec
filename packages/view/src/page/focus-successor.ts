/** The used part of the DOM's `Node`. */
export interface TreeNode {
  readonly nodeName: string
  readonly parentNode: TreeNode | null
  readonly firstChild: TreeNode | null
  readonly lastChild: TreeNode | null
  readonly nextSibling: TreeNode | null
  readonly previousSibling: TreeNode | null
  /** Whether `other` is this node or below it. */
  contains(other: TreeNode | null): boolean
}

/** The used part of the DOM's `MutationRecord`. */
export interface Removal {
  readonly target: TreeNode
  readonly removedNodes: Iterable<TreeNode>
  readonly nextSibling: TreeNode | null
  readonly previousSibling: TreeNode | null
}

/**
 * Where the focus goes when the focused button was removed from the page: its row, the next or previous row, the section,
 * the next section, otherwise `root`.
 *
 * @param lost the element that had the focus
 * @param removals the removals, in their order
 * @returns an `li`, a `section` or `root`; `null` if `lost` was not removed
 */
export function focusSuccessor(lost: TreeNode, removals: Iterable<Removal>, root: TreeNode): TreeNode | null {
  let place: Removal | null = null
  for (const removal of removals) {
    const inside: TreeNode = place?.target ?? lost
    for (const node of removal.removedNodes) if (node.contains(inside)) place = removal
  }
  if (place === null) return null
  const { target, nextSibling, previousSibling } = place
  return (
    rowBeside(target, nextSibling, 'nextSibling', 'firstChild') ??
    rowBeside(target, previousSibling, 'previousSibling', 'lastChild') ??
    stopAround(target, root)
  )
}

/** The first row or section from `start` on; for a list, its nearest row. */
function rowBeside(
  parent: TreeNode,
  start: TreeNode | null,
  onward: 'nextSibling' | 'previousSibling',
  inward: 'firstChild' | 'lastChild',
): TreeNode | null {
  // Its neighbour may have been removed as well.
  for (let node = start; node !== null && node.parentNode === parent; node = node[onward]) {
    if (isStop(node)) return node
    if (node.nodeName !== 'UL') continue
    const row = rowBeside(node, node[inward], onward, inward)
    if (row !== null) return row
  }
  return null
}

function stopAround(target: TreeNode, root: TreeNode): TreeNode {
  let node: TreeNode | null = target
  while (node !== null && node !== root && !isStop(node)) node = node.parentNode
  return node ?? root
}

function isStop({ nodeName }: TreeNode): boolean {
  return nodeName === 'LI' || nodeName === 'SECTION'
}
