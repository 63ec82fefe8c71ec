import { Browsers } from './browsers.js'
import { type DatabaseKind, startServers } from './server-processes.js'
import { crc64, etag, file } from './faked-store.js'
import { type Call, type Measured, asFastAsPossible, atRate } from './load.js'

export interface ServerSetup {
  readonly database: DatabaseKind
  readonly processes: number
}

/** Results of one load, with the processor time that it cost the servers. */
export interface Costed extends Measured {
  /** Processor time of the server processes for each request, in milliseconds. */
  readonly processor: number
}

export interface ServerFigures {
  readonly opens: Costed
  readonly renewals: Costed
  readonly completes: Costed
  /** Opens, {@link targetRate} a second. */
  readonly opensAtTarget: Measured
}

/** Number of requests of each kind. */
const total = 6_000
const warmUp = 600
/** Target: opens a second that one process on SQLite should answer. */
export const targetRate = 1_000
const targetSeconds = 8
/** Number of connections. */
const callers = 64

/** Measures one setup: opens uploads in a fresh database, then renews and completes them. */
export async function measureServer({ database, processes }: ServerSetup): Promise<ServerFigures> {
  const servers = await startServers(database, processes)
  const browsers = new Browsers(callers, servers.ports)
  try {
    const opened: { readonly browser: number; readonly id: string }[] = []
    let names = 0
    const open = async (browser: number) => {
      const identity = `1:${file.size}:${(names += 1)}`
      const request = { identity, name: 'holiday.mp4', size: file.size, type: 'video/mp4' }
      const answer = await browsers.post(browser, '/api/uploads', request)
      const { upload } = JSON.parse(answer.body) as { upload?: { id: string } }
      if (upload !== undefined) opened.push({ browser, id: upload.id })
      return answer
    }
    const onOpened = (path: string, body: unknown) => (_: number, index: number) => {
      const { browser = 0, id = '' } = opened[index] ?? {}
      return browsers.post(browser, `/api/uploads/${id}/${path}`, body)
    }
    const costed = async (call: Call, most: number): Promise<Costed> => {
      const before = await servers.processorTime()
      const measured = await asFastAsPossible(browsers, most, call)
      return { ...measured, processor: ((await servers.processorTime()) - before) / measured.count }
    }
    await asFastAsPossible(browsers, warmUp, open)
    const opens = await costed(open, total)
    const most = Math.min(total, opened.length)
    const renewals = await costed(onOpened('access', {}), most)
    const claim = { size: file.size, crc64, etags: Array.from({ length: file.partCount }, () => etag) }
    const completes = await costed(onOpened('complete', claim), most)
    const opensAtTarget = await atRate(browsers, targetRate, targetSeconds, open)
    return { opens, renewals, completes, opensAtTarget }
  } finally {
    browsers.close()
    await servers.stop()
  }
}
