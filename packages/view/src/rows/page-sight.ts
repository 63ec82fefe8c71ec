/** Whether anybody can see the page; tests hide it by another one. */
export interface PageSight {
  /** Whether the page cannot be seen now. */
  readonly isHidden: () => boolean
  /** Calls back each time that the page is shown again; returns the way to stop. */
  readonly onShown: (callback: () => void) => () => void
}

/** What the browser says; a page is always visible where there is no document. */
export const browserSight: PageSight = {
  isHidden: () => typeof document !== 'undefined' && document.hidden,
  onShown(callback) {
    if (typeof document === 'undefined') return () => undefined
    const changed = (): void => {
      if (!document.hidden) callback()
    }
    document.addEventListener('visibilitychange', changed)
    return () => document.removeEventListener('visibilitychange', changed)
  },
}
