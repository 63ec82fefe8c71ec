import {
  applicationUrlProblems,
  hookSecretProblem,
  type ServerOptions,
  webhooks,
  type WebhookOptions,
} from '@carryon/server'
import { z } from 'zod'
import { listed } from './listed.js'

/** Which application receives webhooks, and for which events. */
export type HookConfig = Required<Pick<WebhookOptions, 'url' | 'secret' | 'hooks' | 'timeout'>>

type Environment = Readonly<Record<string, string | undefined>>

/** The variables, each validated on its own. */
export const hookVariables = {
  HOOK_EVENTS: z
    .string()
    .regex(/^ *(?:open|done) *(?:, *(?:open|done) *)?$/u, 'must be open, done or open,done')
    .default('open,done'),
  // Less than the 30 s that a page waits for the response to an open.
  HOOK_TIMEOUT: z.coerce
    .number({ error: 'must be a number of seconds' })
    .min(1, 'must be at least 1')
    .max(25, 'must be at most 25, or pages give up before')
    .default(10),
} as const

export type HookValues = z.infer<z.ZodObject<typeof hookVariables>>

/** Missing and conflicting variables, one line each. The lines contain no secrets. */
export function hookProblems(given: Environment): string[] {
  const url = given['HOOK_URL']
  const secrets = secretsOf(given)
  if (url === undefined) {
    return Object.keys(given)
      .filter((name) => /^HOOK_(?:SECRET|EVENTS|TIMEOUT)$/u.test(name))
      .map((name) => `${name} needs HOOK_URL: the address of the application that is told`)
  }
  return [
    ...applicationUrlProblems(url).map((problem) => `HOOK_URL ${problem}`),
    ...(secrets.length === 0
      ? [`HOOK_SECRET is needed with HOOK_URL: it ${hookSecretProblem('') ?? ''}`]
      : []),
    ...secrets
      .flatMap((secret) => hookSecretProblem(secret) ?? [])
      .map((problem) => `HOOK_SECRET ${problem}`),
  ]
}

/** @param given an environment for which {@link hookProblems} found no problem */
export function hookConfig(given: Environment, values: HookValues): HookConfig | undefined {
  const url = given['HOOK_URL']
  if (url === undefined) return undefined
  const events = listed(values.HOOK_EVENTS)
  return {
    url,
    secret: secretsOf(given),
    hooks: [
      ...(events.includes('open') ? (['onOpen'] as const) : []),
      ...(events.includes('done') ? (['onDone'] as const) : []),
    ],
    timeout: values.HOOK_TIMEOUT * 1_000,
  }
}

/** Server options for the webhooks. */
export function hooksOf(
  hooks: HookConfig | undefined,
): Pick<ServerOptions, 'onOpen' | 'onDone' | 'hookTimeout'> {
  return hooks === undefined ? {} : { ...webhooks(hooks), hookTimeout: hooks.timeout }
}

/** There are several secrets while the receiver rotates its secret. */
function secretsOf(given: Environment): string[] {
  return listed(given['HOOK_SECRET'])
}
