import { Counter, Histogram, Registry } from 'prom-client'
import type { SweepReport } from './uploads/sweep.js'
import type { UploadEvent } from './uploads/upload-services.js'

/** Metrics of one server, in their own registry so that several servers can run in one process. */
export class Metrics {
  readonly #registry = new Registry()
  readonly #requests = this.#counter('carryon_http_requests_total', 'Requests answered.', [
    'route',
    'method',
    'status',
  ])
  readonly #requestBytes = this.#counter(
    'carryon_http_request_bytes_total',
    'Bytes of request bodies that this server read.',
    ['route'],
  )
  readonly #responseBytes = this.#counter(
    'carryon_http_response_bytes_total',
    'Bytes of response bodies that this server sent.',
    ['route'],
  )
  readonly #durations = new Histogram({
    name: 'carryon_http_request_duration_seconds',
    help: 'Time from a request to its answer.',
    labelNames: ['route'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20],
    registers: [this.#registry],
  })
  readonly #opened = this.#counter('carryon_uploads_opened_total', 'Opens answered.', ['mode', 'found'])
  readonly #done = this.#counter('carryon_uploads_done_total', 'Uploads finished and checked.', ['mode'])
  readonly #doneBytes = this.#counter('carryon_upload_bytes_done_total', 'Bytes of finished uploads.', [])
  readonly #ended = this.#counter('carryon_uploads_ended_total', 'Uploads that ended without an object.', [
    'reason',
  ])
  readonly #sweeps = this.#counter('carryon_sweeps_total', 'Sweeps run.', [])
  readonly #swept = this.#counter('carryon_swept_total', 'Results of sweeps.', ['what'])

  readonly contentType = this.#registry.contentType

  request(seen: { route: string; method: string; status: number; seconds: number; bytes: number }): void {
    const { route, method } = seen
    this.#requests.inc({ route, method, status: String(seen.status) })
    this.#durations.observe({ route }, seen.seconds)
    this.#requestBytes.inc({ route }, seen.bytes)
  }

  responseBytes(route: string, bytes: number): void {
    this.#responseBytes.inc({ route }, bytes)
  }

  upload(event: UploadEvent): void {
    switch (event.kind) {
      case 'opened':
        this.#opened.inc({ mode: event.mode, found: String(event.found) })
        break
      case 'done':
        this.#done.inc({ mode: event.mode })
        this.#doneBytes.inc(event.size)
        break
      case 'ended':
        this.#ended.inc({ reason: event.reason })
        break
    }
  }

  sweep(report: SweepReport): void {
    this.#sweeps.inc()
    for (const [what, count] of Object.entries(report)) this.#swept.inc({ what }, Number(count))
  }

  /** The metrics in the Prometheus text format. */
  async text(): Promise<string> {
    return this.#registry.metrics()
  }

  #counter(name: string, help: string, labelNames: string[]): Counter {
    return new Counter({ name, help, labelNames, registers: [this.#registry] })
  }
}
