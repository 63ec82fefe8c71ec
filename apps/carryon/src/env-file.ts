import { join } from 'node:path'
import dotenv from 'dotenv'

/**
 * Adds the variables of a `.env` file to the environment; variables that are already set take precedence. A missing file
 * is ignored.
 *
 * @param folder where the file is
 */
export function readEnvFile(
  folder: string = process.cwd(),
  environment: Record<string, string> = process.env as Record<string, string>,
): void {
  dotenv.config({ path: join(folder, '.env'), processEnv: environment, quiet: true })
}
