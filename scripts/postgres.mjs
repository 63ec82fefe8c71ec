// A PostgreSQL server for tests: in its own temporary folder, on a free port of 127.0.0.1. It ends with this process.
import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { missingPrograms, pathOf } from './debian-packages.mjs'

/** Milliseconds within which it must accept connections. */
const startPatience = 60_000

export function whyNoPostgres() {
  return missingPrograms(['postgres', 'initdb'], ['postgresql'])
}

export async function startPostgres({ durable = false } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'carryon-postgres-'))
  const password = randomBytes(12).toString('hex')
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  // PostgreSQL refuses to run as root; Debian's package creates a user for it.
  const isRoot = process.getuid?.() === 0
  if (isRoot) for (const path of [folder, passwordFile]) chownSync(path, ...postgresUser())
  const asUser = isRoot ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups'] : []
  const data = join(folder, 'data')
  const [program, ...args] = [
    ...asUser,
    pathOf('initdb'),
    ...['-D', data, '-U', 'carryon', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8'],
    ...['--locale=C', '--no-sync'],
  ]
  const made = spawnSync(program, args, { encoding: 'utf8', cwd: folder })
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`)

  const port = await freePort()
  // The shell stops the database when its stdin closes, which also happens when this process is killed.
  const running = spawn(
    'bash',
    [
      '-c',
      '"$@" & server=$!; trap "kill -INT $server" TERM; read -r; kill -INT $server; wait $server; rm -rf "$FOLDER"',
      'postgres',
      ...asUser,
      pathOf('postgres'),
      ...['-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1'],
      ...[
        '-c',
        'unix_socket_directories=',
        '-c',
        `fsync=${durable ? 'on' : 'off'}`,
        '-c',
        'max_connections=200',
      ],
    ],
    { cwd: folder, env: { ...process.env, FOLDER: folder }, stdio: ['pipe', 'ignore', 'pipe'] },
  )
  const closed = once(running, 'close')
  const stop = async () => {
    running.stdin.end()
    await closed
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await isReady(running)
  } catch (error) {
    await stop()
    throw error
  }
  return { url: `postgres://carryon:${password}@127.0.0.1:${port}/postgres`, stop }
}

function postgresUser() {
  const idOf = (option) => Number(spawnSync('id', [option, 'postgres'], { encoding: 'utf8' }).stdout)
  return [idOf('-u'), idOf('-g')]
}

/** Waits for the log line that reports readiness. Later output is read and discarded, so that the pipe never fills. */
async function isReady(running) {
  let log = ''
  await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`PostgreSQL did not start: ${log}`)), startPatience)
    running.stderr.setEncoding('utf8').on('data', (text) => {
      if (log.length < 10_000) log += text
      if (!log.includes('ready to accept connections')) return
      clearTimeout(late)
      resolve()
    })
    running.once('close', () => {
      clearTimeout(late)
      reject(new Error(`PostgreSQL ended: ${log}`))
    })
  })
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  return port
}
