/** Lets time pass where it is the silence itself that is observed; everything else waits for a state. */
export function silence(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
