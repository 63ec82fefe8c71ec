import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import { missingPrograms, pathOf } from '../../../scripts/debian-packages.mjs'
import { makeScratchFolder } from './scratch-folder.js'

/** Why nginx is not available here; `null` if it is. CI requires it. */
export function whyNoNginx(): string | null {
  return missingPrograms(['nginx'], ['nginx-light'])
}

/** A real nginx with TLS, in its own folder. */
export interface Nginx {
  /** PEM file of its certificate, generated for this run only; for `NODE_EXTRA_CA_CERTS`. */
  readonly certificate: string
  close(): Promise<void>
}

export interface NginxServer {
  readonly port: number
  /** Content of the `server` block besides address and certificate. */
  readonly directives: string
}

/** @throws Error with nginx's error output if it does not start. */
export async function startNginx(servers: readonly NginxServer[]): Promise<Nginx> {
  const folder = await makeScratchFolder('nginx')
  const pem = await generate([{ name: 'commonName', value: 'localhost' }], {
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] },
    ],
  })
  const certificate = join(folder.path, 'certificate.pem')
  await writeFile(certificate, pem.cert)
  await writeFile(join(folder.path, 'key.pem'), pem.private, { mode: 0o600 })
  await mkdir(join(folder.path, 'logs'))
  await writeFile(join(folder.path, 'nginx.conf'), configuration(servers))
  // A single foreground process, so that ending it ends nginx completely.
  const args = [
    '-p',
    folder.path,
    '-c',
    'nginx.conf',
    '-e',
    'logs/error.log',
    '-g',
    'daemon off; master_process off;',
  ]
  const child = spawn(pathOf('nginx') ?? 'nginx', args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let complaint = ''
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()))
  const exited = once(child, 'close')
  const close = async () => {
    child.kill('SIGTERM')
    await exited
    await folder.remove()
  }
  const ended = exited.then(() => Promise.reject(new Error(`nginx ended: ${complaint}`)))
  ended.catch(() => undefined)
  try {
    for (const { port } of servers) await Promise.race([listens(port), ended])
  } catch (error) {
    await close()
    throw error
  }
  return { certificate, close }
}

function configuration(servers: readonly NginxServer[]): string {
  const blocks = servers.map(
    ({ port, directives }) => `
  server {
    listen 127.0.0.1:${port} ssl;
    server_name localhost;
    ${directives}
  }`,
  )
  const own = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${name};`)
  return `pid nginx.pid;
events {}
http {
  access_log off;
  ssl_certificate certificate.pem;
  ssl_certificate_key key.pem;
  ${own.join('\n  ')}
  ${blocks.join('')}
}
`
}

/** Resolves once the port accepts connections. */
async function listens(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1')
    const accepted = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    })
    socket.destroy()
    if (accepted) return
  }
}
