import type { IncomingMessage, ServerResponse } from 'node:http'
import { checkAdminAccess } from './admin-access.js'
import { asCosError, CosError } from './errors.js'
import { parseFaultRules, type Faults } from './faults.js'
import type { Journal } from './journal.js'
import { receiveText } from './storage/receive-text.js'

export interface AdminTargets {
  readonly token: string
  readonly faults: Faults
  readonly journal: Journal
  readonly applyLifecycle: () => Promise<object>
}

const adminCalls = /^\/_local\/(?:faults|journal|counters|lifecycle)$/

/** Whether a request is an admin call rather than a request for the page. */
export function isAdminCall({ url = '' }: IncomingMessage): boolean {
  return adminCalls.test(url)
}

const maxBody = 1024 * 1024

/**
 * Admin calls for tests, in JSON, for clients on this machine that have the token:
 * `GET|POST|DELETE /_local/faults`, `GET|DELETE /_local/journal`, `GET /_local/counters`,
 * `POST /_local/lifecycle`.
 */
export async function answerAdmin(
  request: IncomingMessage,
  response: ServerResponse,
  targets: AdminTargets,
): Promise<void> {
  try {
    checkAdminAccess(request, targets.token)
    const body = await receiveText(request, maxBody, () => undefined)
    sendJson(
      response,
      200,
      await call(`${request.method ?? ''} ${request.url ?? ''}`, body.toString(), targets),
    )
  } catch (thrown) {
    const error = asCosError(thrown)
    sendJson(response, error.status, { code: error.code, message: error.message })
  }
}

async function call(
  route: string,
  body: string,
  { faults, journal, applyLifecycle }: AdminTargets,
): Promise<unknown> {
  switch (route) {
    case 'GET /_local/faults':
      return faults.rules
    case 'POST /_local/faults':
      faults.set(...parseFaultRules(body))
      return faults.rules
    case 'DELETE /_local/faults':
      faults.clear()
      return []
    case 'GET /_local/journal':
      return journal.entries
    case 'DELETE /_local/journal':
      journal.clear()
      return []
    case 'GET /_local/counters':
      return journal.counters
    case 'POST /_local/lifecycle':
      return applyLifecycle()
    default:
      throw new CosError('MethodNotAllowed', `There is no admin call ${route}.`)
  }
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const text = JSON.stringify(value)
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  })
  response.end(text)
}
