import { StoreError } from '@carryon/object-store'
import { MissingPackageError, StsError } from '@carryon/server'
import { remedyFor } from './remedies.js'
import type { Config } from './config.js'
import { StartError } from './start-error.js'

/**
 * Turns a start error of the database or the store into a message with advice; returns other errors unchanged. The message
 * shows the address of the database without user and password.
 */
export function explainStartError(error: unknown, config: Pick<Config, 'databaseUrl' | 'dataDir'>): unknown {
  if (error instanceof StoreError) {
    return new StartError(
      `The store does not answer as it should: ${error.message}. To do: ${remedyFor(error)}.`,
      error,
    )
  }
  if (error instanceof StsError || error instanceof MissingPackageError) {
    return new StartError(`This server cannot start: ${error.message}.`, error)
  }
  const code = codeOf(error)
  if (code.startsWith('SQLITE_')) {
    return new StartError(
      `The database in ${config.dataDir} cannot be used (${code}): ${messageOf(error)}. Give this user the right to write there; a damaged file has to come back from a backup.`,
      error,
    )
  }
  if (config.databaseUrl === undefined) return error
  const reason = postgresReason(code, messageOf(error))
  return reason === null
    ? error
    : new StartError(`The database at ${hostOf(config.databaseUrl)} ${reason}`, error)
}

/** The reason for a PostgreSQL code (appendix A of its manual) or a connection error code; `null` for other codes. */
function postgresReason(code: string, message: string): string | null {
  switch (code) {
    case '28P01':
      return 'does not accept the password. Correct DATABASE_URL; a #, /, ?, @, : or % in it is written %23, %2F, %3F, %40, %3A, %25.'
    case '28000':
      return `does not let this user in: ${message}. Correct the user in DATABASE_URL, or allow it in pg_hba.conf.`
    case '3D000':
      return `has no database of that name: ${message}. Make it (createdb), or correct DATABASE_URL.`
    case '42501':
      return `allows this user too little: ${message}. Make it the owner of the database.`
    case '53300':
      return `takes no more connections: ${message}. Raise max_connections there.`
    case '57P03':
      return 'is starting or stopping. Start this server again in a moment.'
    case 'ECONNREFUSED':
      return 'refuses connections: nothing listens there. Start it, or correct host and port in DATABASE_URL.'
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'is not known by that name. Correct the host in DATABASE_URL.'
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ECONNRESET':
      return `cannot be reached (${code}). Check the network and the firewall between.`
  }
  if (/timeout|terminated/iu.test(message))
    return 'does not answer. Check the network and the firewall between.'
  if (/SSL|certificate/iu.test(message)) {
    return `and this server do not agree on TLS: ${message}. Say so in DATABASE_URL, such as ?sslmode=require or ?sslmode=disable.`
  }
  return /^[0-9A-Z]{5}$/u.test(code) ? `refuses (${code}): ${message}.` : null
}

function hostOf(databaseUrl: string): string {
  const { host, hostname } = new URL(databaseUrl)
  return hostname === '' ? 'its socket' : host
}

function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined
  return typeof code === 'string' ? code : ''
}

const messageOf = (error: unknown) =>
  (error instanceof Error ? error.message : String(error)).replace(/\.$/u, '')
