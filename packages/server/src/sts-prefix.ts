import type { LogEntry } from './log-entry.js'
import { pseudonymOf } from './pseudonym.js'
import type { ServerOptions } from './server-options.js'
import type { ServerSettings } from './server-settings.js'

/** Notices for the operator about `GET /sts`. */
export function stsNotices(prefix: string, authorize: ServerOptions['authorize']): LogEntry[] {
  const notices: LogEntry[] = []
  if (prefix === '*') {
    notices.push({
      severity: 'warn',
      event: 'notice',
      message:
        'GET /sts gives every caller credentials for the whole bucket. Set STS_ALLOW_PREFIX to own or to a prefix to limit them',
    })
  }
  if (prefix !== 'off' && authorize === undefined) {
    notices.push({
      severity: 'info',
      event: 'notice',
      message:
        'GET /sts, which is for apps on cos-js-sdk-v5, lets anybody who reaches this server write to the store, without limits on size or number and without a record here. Set `authorize` to decide who may, or STS_ALLOW_PREFIX=off to switch it off',
    })
  }
  return notices
}

/** Key prefix that the credentials of `GET /sts` cover for an owner; '' is the whole bucket. */
export function stsPrefix(settings: ServerSettings, secret: () => Promise<string>) {
  return async (owner: string) => {
    switch (settings.stsAllowPrefix) {
      case '*':
        return ''
      case 'own':
        return `${settings.keyPrefix}own/${await pseudonymOf(await secret(), 'prefix', owner)}/`
      default:
        return settings.stsAllowPrefix
    }
  }
}
