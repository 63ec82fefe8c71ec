/** One sample line of the Prometheus text format. */
interface Sample {
  readonly name: string
  readonly value: number
}

/** Bytes that passed through the application's own server, as read from its metrics. */
export interface ServerBytes {
  /** Bodies of API requests. */
  readonly received: number
  /** Bodies of API answers. */
  readonly sent: number
}

/** Bytes the server counted so far, summed over all its API routes. */
export async function readServerBytes(productUrl: string): Promise<ServerBytes> {
  const answer = await fetch(new URL('/metrics', productUrl))
  if (!answer.ok) throw new Error(`/metrics answered ${answer.status}`)
  const samples = parseSamples(await answer.text())
  const total = (name: string) => {
    const found = samples.filter((sample) => sample.name === name)
    if (found.length === 0) throw new Error(`/metrics has no ${name}`)
    return found.reduce((sum, { value }) => sum + value, 0)
  }
  return {
    received: total('carryon_http_request_bytes_total'),
    sent: total('carryon_http_response_bytes_total'),
  }
}

function parseSamples(text: string): readonly Sample[] {
  return text.split('\n').flatMap((line) => {
    const [, name, value] = /^([a-z_:][\w:]*)(?:\{.*\})? (\S+)/i.exec(line) ?? []
    return name === undefined ? [] : [{ name, value: Number(value) }]
  })
}
