/** Copies text to the clipboard; `false` if the browser refuses. */
export async function copyText(text: string): Promise<boolean> {
  if (!window.isSecureContext) return copyBySelection(text)
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copyBySelection(text)
  }
}

/** The old API, which also works over plain HTTP, as on a home network. */
function copyBySelection(text: string): boolean {
  const area = document.createElement('textarea')
  area.value = text
  area.style.position = 'fixed'
  area.style.opacity = '0'
  document.body.append(area)
  area.select()
  // Deprecated, but the only way outside secure contexts.
  const page: { execCommand(command: string): boolean } = document
  try {
    return page.execCommand('copy')
  } catch {
    return false
  } finally {
    area.remove()
  }
}
