import { Hono } from 'hono'
import { describeApi } from './openapi.js'
import { answerJson } from './answer.js'
import type { AppEnv } from './app-env.js'

/** `GET /api/openapi.json`: the API description; public, because it contains no data of uploads. */
export function descriptionRoute(): Hono<AppEnv> {
  let description: ReturnType<typeof describeApi> | undefined
  const route = new Hono<AppEnv>()
  route.get('/', (context) => {
    description ??= describeApi()
    context.header('access-control-allow-origin', '*')
    return answerJson(context, { ...description, servers: [{ url: context.get('base') }] })
  })
  return route
}
