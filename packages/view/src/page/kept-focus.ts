import { focusSuccessor } from './focus-successor.js'

/**
 * Keeps the focus where its reader was when the element that had it is taken out of the page, moved, or switched off for
 * a while: a browser lets it fall to the top of the document, and who works by keyboard or hears the page begins anew.
 *
 * @param root within which the focus is kept
 * @returns the way to stop
 */
export function keepFocus(root: HTMLElement): () => void {
  /** What had the focus last; `null` once the reader has gone elsewhere. */
  let last: HTMLElement | null = null
  /** Whether its reader sees where the focus is, as who works by keyboard. */
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

/** A row is told as a whole, a section by its heading. */
function stopIn(element: HTMLElement): HTMLElement {
  return element.nodeName === 'LI' ? element : (element.querySelector<HTMLElement>('h2, button') ?? element)
}

/** Neither rows nor headings have a place in the order of Tab, but from there it goes on. */
function focusOn(element: HTMLElement, options: FocusOptions): void {
  if (element.tabIndex < 0 && !element.hasAttribute('tabindex')) {
    element.tabIndex = -1
    element.addEventListener('blur', () => element.removeAttribute('tabindex'), { once: true })
  }
  element.focus(options)
}
