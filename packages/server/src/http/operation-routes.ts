import { Hono } from 'hono'
import type { Metrics } from '../metrics.js'
import { answerJson } from './answer.js'
import type { AppEnv } from './app-env.js'

/** The checks of `/healthz`: each resolves if its dependency answers. */
export type HealthChecks = Readonly<Record<string, () => Promise<void>>>

/** Milliseconds; load balancers give up sooner than this. */
const timeout = 5_000

/** `/healthz` and `/metrics`. */
export function operationRoutes(checks: HealthChecks, metrics: Metrics): Hono<AppEnv> {
  const routes = new Hono<AppEnv>()

  routes.get('/healthz', async (context) => {
    const results = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => [name, await answers(check)] as const),
    )
    const failing = results.filter(([, ok]) => !ok).map(([name]) => name)
    return failing.length === 0
      ? answerJson(context, { status: 'ok' })
      : answerJson(context, { status: 'unavailable', failing }, 503)
  })

  routes.get('/metrics', async (context) => {
    return context.text(await metrics.text(), 200, {
      'content-type': metrics.contentType,
      'cache-control': 'no-store',
    })
  })

  return routes
}

async function answers(check: () => Promise<void>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), timeout)
  })
  try {
    const answered = check().then(
      () => true,
      () => false,
    )
    return await Promise.race([answered, late])
  } finally {
    clearTimeout(timer)
  }
}
