/** Keeps Element Plus's dark mode, a class on the root element, in sync with the system. */
export function followColorScheme(): void {
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const apply = () => document.documentElement.classList.toggle('dark', dark.matches)
  dark.addEventListener('change', apply)
  apply()
}
