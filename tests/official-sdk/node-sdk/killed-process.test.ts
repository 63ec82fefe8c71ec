import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bucket, nodeClient, permanentCredentials } from '../support/node-client.js'
import { openPartGate } from '../support/part-gate.js'
import { MiB, sampleBytes } from '../support/sample.js'
import { startStoreUnderTest, type StoreUnderTest } from '../support/store-under-test.js'

const parts = 6

let store: StoreUnderTest
beforeAll(async () => {
  store = await startStoreUnderTest()
})
afterAll(() => store.close())

describe('cos-nodejs-sdk-v5 sliceUploadFile in a process that is killed', () => {
  it('is carried on by the next process, which sends no stored part again', async () => {
    const bytes = sampleBytes(parts * MiB, 'killed')
    const FilePath = join(store.scratch, 'killed.bin')
    await writeFile(FilePath, bytes)
    const ConfCwd = join(store.scratch, 'sdk-cache')
    await mkdir(ConfCwd)
    const params = { ...bucket, Key: 'killed/进程.bin', FilePath }
    const upload = (address: string): ChildProcess =>
      spawn(
        process.execPath,
        [
          join(import.meta.dirname, 'slice-upload-process.mjs'),
          JSON.stringify({
            options: { ...permanentCredentials, Protocol: 'http:', Ip: address, ConfCwd },
            params,
          }),
        ],
        { stdio: ['ignore', 'ignore', 'inherit'] },
      )

    const gate = await openPartGate(store.port)
    gate.letThrough(4)
    const killed = upload(gate.address)
    await gate.acknowledged(4)
    killed.kill('SIGKILL')
    await once(killed, 'exit')
    await gate.close()
    const before = store.partsStored(params.Key)
    expect(before).toHaveLength(4)

    const next = upload(store.address)
    expect(await once(next, 'exit')).toEqual([0, null])
    const sent = store.partsStored(params.Key)
    expect(sent.slice(0, 4)).toEqual(before)
    expect([...sent].sort()).toEqual([1, 2, 3, 4, 5, 6])
    expect((await nodeClient(store).getObject(params)).Body.equals(bytes)).toBe(true)
  })
})
