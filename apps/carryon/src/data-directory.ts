import { access, constants, mkdir } from 'node:fs/promises'
import { StartError } from './start-error.js'

/** Makes the data directory when it is missing and checks that this process may write there. */
export async function prepareDataDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true })
    await access(path, constants.W_OK | constants.X_OK)
  } catch (cause) {
    throw new StartError(
      `The data directory ${path} cannot be written. Give this user the right to it, or set DATA_DIR to another folder.`,
      cause,
    )
  }
}
