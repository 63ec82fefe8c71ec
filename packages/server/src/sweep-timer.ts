/** Runs `step` at once and then every `interval` milliseconds, without overlap; an interval of 0 disables it. */
export function startSweeping(
  step: () => Promise<unknown>,
  interval: number,
  onError: (error: unknown) => void,
): { start(): void; stop(): Promise<void> } {
  let timer: ReturnType<typeof setTimeout> | undefined
  let running = Promise.resolve()
  let started = false
  let stopped = false

  const round = () => {
    running = step().then(schedule, (error: unknown) => {
      onError(error)
      schedule()
    })
  }
  const schedule = () => {
    if (stopped) return
    timer = setTimeout(round, interval)
    // Outside Node a timer is a number and does not keep the process alive.
    if (typeof timer === 'object') timer.unref()
  }
  return {
    start() {
      if (started || stopped || interval === 0) return
      started = true
      round()
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
