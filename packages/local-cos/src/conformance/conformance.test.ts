import { createServer, request, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { conformance } from '../command/conformance.js'
import { CommandUnderTest } from '../testing/command.js'
import { compileProgram } from '../testing/child-store.js'
import { bucket, credentials, startTestStore } from '../testing/store.js'
import { allChecks } from './all-checks.js'
import { cleanUp } from './clean-up.js'
import { ConformanceClient } from './conformance-client.js'
import { endpointOf } from './endpoint.js'
import { ownPrefix } from './run-checks.js'

const environment = { COS_SECRET_ID: credentials.secretId, COS_SECRET_KEY: credentials.secretKey }

async function run(
  endpoint: string,
  options: { readonly bucket?: string; readonly only?: string; readonly stopped?: AbortSignal } = {},
): Promise<{ readonly code: number; readonly output: string }> {
  let output = ''
  const print = (line: string): void => void (output += `${line}\n`)
  const { stopped, ...rest } = options
  const code = await conformance(
    { bucket, region: 'ap-guangzhou', endpoint, json: false, ...rest },
    { environment, print, printError: print, ...(stopped === undefined ? {} : { stopped }) },
  )
  return { code, output }
}

/** Proxy between client and store that can change answers. */
async function startProxy(
  target: string,
  change: (status: number, headers: IncomingHttpHeaders) => number,
): Promise<string> {
  const { port, hostname } = new URL(target)
  const proxy = createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming
    const forwarded = request({ hostname, port, method, path: url, headers }, (answer) => {
      const changed = { ...answer.headers }
      const status = change(answer.statusCode ?? 0, changed)
      outgoing.writeHead(status, changed)
      answer.pipe(outgoing)
    })
    incoming.pipe(forwarded)
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void proxy.close())
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
}

describe('conformance', () => {
  it('finds this store as documented, leaves nothing, and touches nothing else', async () => {
    const { store, client } = await startTestStore()
    const other = `/${bucket}/somebody-elses`
    await client.call({ method: 'PUT', path: other, body: 'mine' })
    const cors = await client.call({ method: 'GET', path: `/${bucket}/`, query: { cors: '' } })
    store.clearJournal()
    const { code, output } = await run(store.url)
    expect(output).not.toMatch(/^(?:differs|not run)/m)
    expect(output).toContain(`${allChecks.length} same, 0 differ, 0 not run`)
    expect(code).toBe(0)
    for (const { operation, key, acknowledged } of store.journal) {
      if (!acknowledged) continue
      if (/^(?:Get|Head|List)/.test(operation) || operation === 'DeleteMultipleObjects') continue
      expect([operation, key.startsWith(ownPrefix)]).toEqual([operation, true])
    }
    const list = await client.call({ method: 'GET', path: `/${bucket}/` })
    expect(list.text.match(/<Key>/g)).toHaveLength(1)
    const uploads = await client.call({ method: 'GET', path: `/${bucket}/`, query: { uploads: '' } })
    expect(uploads.text).not.toContain('<Upload>')
    expect((await client.call({ method: 'GET', path: other })).text).toBe('mine')
    const after = await client.call({ method: 'GET', path: `/${bucket}/`, query: { cors: '' } })
    expect(after.text).toBe(cors.text)
  })

  it('prints line by line what an endpoint answers otherwise', async () => {
    const { store, client } = await startTestStore()
    const endpoint = await startProxy(store.url, (status, headers) => {
      delete headers['x-cos-hash-crc64ecma']
      return status === 409 ? 200 : status
    })
    const { code, output } = await run(endpoint, { only: 'PutObject' })
    expect(code).toBe(1)
    expect(output).toContain(
      [
        'differs  PutObject answers the MD5 as ETag, and the CRC-64 (436/7749)',
        '           x-cos-hash-crc64ecma',
        '             document  16749565679157681890',
        '             seen      nothing',
      ].join('\n'),
    )
    expect(output).toMatch(
      /PUT with x-cos-forbid-overwrite\n +document {2}409 FileAlreadyExists\n +seen {6}200/,
    )
    expect(output).toMatch(/removed [1-9]\d* objects/)
    expect((await client.call({ method: 'GET', path: `/${bucket}/` })).text).not.toContain('<Key>')
  })

  it('says what was not run, and why', async () => {
    const { store } = await startTestStore()
    store.faults?.set({ fault: { kind: 'error', code: 'AccessDenied' }, operation: 'PutObject' })
    const { code, output } = await run(store.url, { only: 'A range to the end' })
    expect(code).toBe(3)
    expect(output).toMatch(/^not run {2}A range to the end is 206.*\n +PUT a answered 403 AccessDenied/m)
  })

  it('does not begin where it could not clean up, or cannot ask', async () => {
    const { store } = await startTestStore()
    const nowhere = await run(store.url, { bucket: 'none-1250000000' })
    expect([nowhere.code, nowhere.output]).toEqual([
      3,
      expect.stringContaining('There is no bucket none-1250000000'),
    ])
    await store.close()
    const unreachable = await run(store.url)
    expect([unreachable.code, unreachable.output]).toEqual([3, expect.stringContaining('cannot be reached')])
    await expect(run(store.url, { only: 'no such check' })).rejects.toThrow('No check has')
  })

  it('cleans up when it is stopped', async () => {
    const { store, client } = await startTestStore()
    const stopping = new AbortController()
    let seen = 0
    const endpoint = await startProxy(store.url, (status) => {
      if (++seen === 40) stopping.abort()
      return status
    })
    const { code, output } = await run(endpoint, { stopped: stopping.signal })
    expect(code).toBe(3)
    expect(output).toMatch(/stopped before \d+;/)
    expect((await client.call({ method: 'GET', path: `/${bucket}/` })).text).not.toContain('<Key>')
  })

  it('removes nothing outside its folder, whatever a listing says', async () => {
    const deleted: string[] = []
    const server = createServer((incoming, outgoing) => {
      if (incoming.method === 'DELETE') deleted.push(incoming.url ?? '')
      outgoing.setHeader('content-type', 'application/xml')
      outgoing.statusCode = incoming.method === 'DELETE' ? 204 : 200
      const keys = ['own/a', 'others/b']
      const entries = keys.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('')
      outgoing.end(incoming.method === 'GET' ? `<ListBucketResult>${entries}</ListBucketResult>` : '')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const client = new ConformanceClient(endpointOf(bucket, 'ap-guangzhou', endpoint), credentials)
    onTestFinished(() => client.close())
    expect(await cleanUp(client, 'own/')).toEqual({ objects: 1, uploads: 0, left: [] })
    expect(deleted).toEqual(['/own/a'])
  })

  it('is a command: without a key it ends with 2, with one it prints a report as JSON', async () => {
    const { store } = await startTestStore()
    const program = await compileProgram()
    const args = ['conformance', '--bucket', bucket, '--region', 'ap-guangzhou', '--endpoint', store.url]
    const keyless = new CommandUnderTest(program, args)
    expect([await keyless.ended(), keyless.errors]).toEqual([2, expect.stringContaining('COS_SECRET_ID')])
    const only = new CommandUnderTest(program, [...args, '--only', 'DELETE is 204', '--json'], {
      environment,
    })
    expect(await only.ended()).toBe(0)
    expect(JSON.parse(only.output)).toMatchObject({
      outcomes: [{ document: '436/7743', outcome: 'same', differences: [] }],
      removed: { left: [] },
    })
  })
})

it('every check has a name of its own', () => {
  const names = allChecks.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
})
