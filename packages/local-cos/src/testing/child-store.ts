import { spawn, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript'
import { onTestFinished } from 'vitest'
import { TestClient } from './client.js'
import { credentials } from './store.js'

/**
 * Compiles this package without type checks, so that plain Node can run it even without a build.
 *
 * @returns the path of `main.js`; removed when the test ends.
 */
export async function compileProgram(): Promise<string> {
  const source = fileURLToPath(new URL('..', import.meta.url))
  // Inside the package, so that its dependencies resolve.
  const target = join(source, '..', 'node_modules', '.cache', `compiled-${randomUUID()}`)
  onTestFinished(async () => rm(target, { recursive: true, force: true }))
  for (const name of await readdir(source, { recursive: true })) {
    if (!name.endsWith('.ts') || name.endsWith('.test.ts') || name.startsWith('testing')) continue
    const { outputText } = transpileModule(await readFile(join(source, name), 'utf8'), {
      compilerOptions: { module: ModuleKind.ESNext, target: ScriptTarget.ES2022, verbatimModuleSyntax: true },
    })
    const file = join(target, name.replace(/\.ts$/, '.js'))
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, outputText)
  }
  return join(target, 'main.js')
}

/** A store in its own process, which tests can kill. */
export class ChildStore {
  readonly url: string
  readonly client: TestClient
  readonly #process: ChildProcess

  private constructor(process: ChildProcess, url: string) {
    this.#process = process
    this.url = url
    this.client = new TestClient(url, credentials)
  }

  /** @param program the compiled `main.js`, from {@link compileProgram}. */
  static async start(program: string, directory: string): Promise<ChildStore> {
    const child = spawn(
      process.execPath,
      [program, '--data', directory, '--port', '0', '--faults', '--quiet', '--json'],
      {
        env: { ...process.env, COS_SECRET_ID: credentials.secretId, COS_SECRET_KEY: credentials.secretKey },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    onTestFinished(() => void child.kill('SIGKILL'))
    for await (const line of createInterface({ input: child.stdout })) {
      const { message, url } = JSON.parse(line) as { readonly message: string; readonly url: string }
      if (message === 'ready') return new ChildStore(child, url)
    }
    throw new Error('The store ended before it was ready.')
  }

  /** Process id; 0 if the process could not be started. */
  get pid(): number {
    return this.#process.pid ?? 0
  }

  /** Kills the process at once with SIGKILL. */
  async kill(): Promise<void> {
    const ended = once(this.#process, 'exit')
    this.#process.kill('SIGKILL')
    await ended
  }

  /** Asks the process to end; resolves to its exit code. */
  async end(): Promise<number | null> {
    const ended = once(this.#process, 'exit')
    this.#process.kill('SIGTERM')
    await ended
    return this.#process.exitCode
  }
}
