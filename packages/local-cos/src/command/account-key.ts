import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf, StartError, systemErrorCode } from '../errors.js'
import { randomKeys } from '../options.js'
import { createFile, makeFolders } from '../storage/private-files.js'

/** The account's permanent key and its origin. */
export interface AccountKey {
  readonly secretId: string
  readonly secretKey: string
  readonly from: 'environment' | 'file' | 'random'
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Returns the key from the environment, the one saved in the store's directory, or a new one.
 *
 * @param data the store's directory; `null` for a store that keeps nothing.
 * @throws {@link StartError} `INVALID_OPTIONS`, `DIRECTORY_NOT_WRITABLE`
 */
export async function accountKey(data: string | null, environment: Environment): Promise<AccountKey> {
  const secretId = environment['COS_SECRET_ID'] ?? ''
  const secretKey = environment['COS_SECRET_KEY'] ?? ''
  if (secretId !== '' && secretKey !== '') return { secretId, secretKey, from: 'environment' }
  if (secretId !== '' || secretKey !== '') {
    throw new StartError(
      'INVALID_OPTIONS',
      `${secretId === '' ? 'COS_SECRET_ID' : 'COS_SECRET_KEY'} is missing in the environment. Set both or neither.`,
    )
  }
  return data === null ? { ...randomKeys(), from: 'random' } : keptKey(data)
}

async function keptKey(data: string): Promise<AccountKey> {
  const path = join(data, 'keys.json')
  try {
    await makeFolders(data)
    await writeNew(path)
    return { ...parseKeys(await readFile(path, 'utf8'), path), from: 'file' }
  } catch (error) {
    if (error instanceof StartError) throw error
    throw new StartError(
      'DIRECTORY_NOT_WRITABLE',
      `The store cannot keep its key in ${path}: ${messageOf(error)}. ` +
        'Choose another folder with --data, change its permissions, or use --memory.',
      error,
    )
  }
}

async function writeNew(path: string): Promise<void> {
  try {
    const handle = await createFile(path)
    try {
      await handle.writeFile(`${JSON.stringify(randomKeys(), null, 2)}\n`)
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw error
  }
}

function parseKeys(json: string, path: string): { readonly secretId: string; readonly secretKey: string } {
  try {
    const { secretId, secretKey } = JSON.parse(json) as Readonly<Record<string, unknown>>
    if (typeof secretId === 'string' && typeof secretKey === 'string') return { secretId, secretKey }
  } catch {
    // Reported below.
  }
  throw new StartError(
    'INVALID_OPTIONS',
    `${path} does not hold a secretId and a secretKey. Mend it, or remove it to get a new key.`,
  )
}
