import { Hono } from 'hono'
import { describeApi } from './openapi.js'
import { answerJson } from './answer.js'
import type { AppEnv } from './app-env.js'

/** `GET /api/openapi.json`: what this API is, for whoever asks; it says nothing of any upload. */
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
