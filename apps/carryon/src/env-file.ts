import { join } from 'node:path'
import dotenv from 'dotenv'

/**
 * Adds what a `.env` file has to the environment; what is set there already goes before it. Without such a file nothing
 * happens.
 *
 * @param folder where the file is
 */
export function readEnvFile(
  folder: string = process.cwd(),
  environment: Record<string, string> = process.env as Record<string, string>,
): void {
  dotenv.config({ path: join(folder, '.env'), processEnv: environment, quiet: true })
}
