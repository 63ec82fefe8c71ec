import { focusSuccessor } from './focus-successor.js'

/**
 * Keeps the focus in place when the focused element is removed, moved, or temporarily disabled. The browser would move it to
 * the top of the document, and users of a keyboard or a screen reader would have to start over.
 *
 * @param root element in which the focus is kept
 * @returns a function that stops this
 */
export function keepFocus(root: HTMLElement): () => void {
  /** The element that had the focus last; `null` after the user has moved it elsewhere. */
  let last: HTMLElement | null = null
  /** Whether the focus is shown, as for keyboard users. */
  let isShown = false

  function focused({ target }: FocusEvent): void {
    last = target instanceof HTMLElement && root.contains(target) ? target : null
    isShown = last?.matches(':focus-visible') ?? false
  }

  function pressed({ target }: PointerEvent): void {
    if (target instanceof Node && last?.contains(target) === true) return
    last = null
  }

  const observer = new MutationObserver((records) => {
    if (last === null || !isLost()) return
    const options = { preventScroll: !isShown }
    if (last.isConnected) {
      last.focus(options)
      return
    }
    const successor = focusSuccessor(last, records, root)
    last = null
    if (successor instanceof HTMLElement) focusOn(stopIn(successor), options)
  })
  observer.observe(root, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ['disabled'],
  })
  const listeners = new AbortController()
  const { signal } = listeners
  document.addEventListener('focusin', focused, { signal })
  document.addEventListener('pointerdown', pressed, { signal, capture: true })
  return () => {
    observer.disconnect()
    listeners.abort()
  }
}

function isLost(): boolean {
  return document.activeElement === null || document.activeElement === document.body
}

/** A row is focused itself, a section by its heading. */
function stopIn(element: HTMLElement): HTMLElement {
  return element.nodeName === 'LI' ? element : (element.querySelector<HTMLElement>('h2, button') ?? element)
}

/** Rows and headings are not in the tab order, but Tab continues from them. */
function focusOn(element: HTMLElement, options: FocusOptions): void {
  if (element.tabIndex < 0 && !element.hasAttribute('tabindex')) {
    element.tabIndex = -1
    element.addEventListener('blur', () => element.removeAttribute('tabindex'), { once: true })
  }
  element.focus(options)
}
