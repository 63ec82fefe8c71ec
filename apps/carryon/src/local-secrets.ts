import { randomBytes } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The embedded store's account key. */
export interface LocalSecrets {
  readonly secretId: string
  readonly secretKey: string
}

/**
 * Reads the embedded store's account key from the data directory. If there is none, creates one that only this user can
 * read.
 */
export async function localSecrets(dataDir: string): Promise<LocalSecrets> {
  const path = join(dataDir, 'local-store-key.json')
  const kept = await readSecrets(path)
  if (kept !== null) return kept
  const made = {
    secretId: `AKIDlocal${randomBytes(12).toString('hex')}`,
    secretKey: randomBytes(24).toString('hex'),
  }
  const draft = `${path}.${process.pid}`
  await writeFile(draft, JSON.stringify(made), { mode: 0o600, flush: true })
  await rename(draft, path)
  return made
}

async function readSecrets(path: string): Promise<LocalSecrets | null> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
  const value: unknown = JSON.parse(text)
  if (isSecrets(value)) return value
  throw new Error(
    `${path} is damaged. Delete it to get a new key; uploads under way then have to be started again.`,
  )
}

function isSecrets(value: unknown): value is LocalSecrets {
  return (
    typeof value === 'object' &&
    value !== null &&
    'secretId' in value &&
    typeof value.secretId === 'string' &&
    'secretKey' in value &&
    typeof value.secretKey === 'string'
  )
}
