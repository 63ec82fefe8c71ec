/** Whether the page is visible. Tests replace it to hide the page. */
export interface PageSight {
  /** Whether the page is hidden now. */
  readonly isHidden: () => boolean
  /** Calls back each time the page becomes visible; returns a function that stops this. */
  readonly onShown: (callback: () => void) => () => void
}

/** The browser's own visibility; without a document the page counts as visible. */
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
