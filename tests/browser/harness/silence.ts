/** Waits a fixed time, for tests that observe that nothing happens; all other tests wait for a state. */
export function silence(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
