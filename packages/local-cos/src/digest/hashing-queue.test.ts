import { describe, expect, it } from 'vitest'
import { testBytes } from '../testing/client.js'
import { loadBodyHash } from './body-hash.js'
import type { DigestReply } from './digest-messages.js'
import { HashingQueue, stepBytes, type ReadBody } from './hashing-queue.js'

const createBodyHash = await loadBodyHash()

/** Returns at most `atMost` bytes per call, as a system call may. */
function reader(content: Uint8Array, atMost = Infinity): ReadBody {
  return (into, position) => {
    const bytes = content.subarray(position, position + Math.min(into.length, atMost))
    into.set(bytes)
    return bytes.length
  }
}

class Queue extends HashingQueue {
  /** Replies, in order. */
  readonly answers: DigestReply[] = []

  begin(id: number, content: Uint8Array, atMost?: number): void {
    this.open(id, createBodyHash(), reader(content, atMost))
  }

  rounds(count = 1): void {
    for (let round = 0; round < count; round++) this.round((answer) => this.answers.push(answer))
  }

  whileBusy(): void {
    do this.rounds()
    while (this.busy)
  }
}

function digestOf(id: number, content: Uint8Array): DigestReply {
  const hash = createBodyHash()
  hash.update(content)
  return { kind: 'digest', id, ...hash.digest() }
}

describe('the bodies of a hashing thread', () => {
  it('are hashed side by side as their files grow, each to its own digest', () => {
    const contents = [0, 1, stepBytes - 1, stepBytes, stepBytes + 1, 3 * stepBytes + 7].map((size, seed) =>
      testBytes(size, seed),
    )
    const queue = new Queue()
    for (const [id, content] of contents.entries()) queue.begin(id, content, 50_000 + id)
    for (let end = 0; end <= 4 * stepBytes; end += 90_001) {
      for (const [id, content] of contents.entries()) queue.written(id, Math.min(end, content.length))
      queue.rounds()
    }
    for (const [id, content] of contents.entries()) {
      queue.written(id, content.length)
      queue.finish(id)
    }
    queue.whileBusy()
    expect(queue.answers.toSorted((one, other) => one.id - other.id)).toEqual(
      contents.map((content, id) => digestOf(id, content)),
    )
  })

  it('take turns: a short one that comes later ends first', () => {
    const [long, short] = [testBytes(10 * stepBytes, 1), testBytes(2 * stepBytes, 2)]
    const queue = new Queue()
    for (const [id, content] of [long, short].entries()) {
      queue.begin(id, content)
      queue.written(id, content.length)
      queue.finish(id)
    }
    queue.rounds(2)
    expect(queue.answers).toEqual([digestOf(1, short)])
    queue.whileBusy()
    expect(queue.answers).toEqual([digestOf(1, short), digestOf(0, long)])
  })

  it('are not answered before they are finished, nor hashed before they are written', () => {
    const content = testBytes(100)
    const queue = new Queue()
    queue.begin(7, content)
    expect(queue.busy).toBe(false)
    queue.written(7, 100)
    expect(queue.busy).toBe(true)
    queue.whileBusy()
    expect(queue.answers).toEqual([])
    queue.finish(7)
    queue.rounds()
    expect(queue.answers).toEqual([digestOf(7, content)])
  })

  it('may be abandoned midway, after which nothing of them is read', () => {
    const queue = new Queue()
    let reads = 0
    queue.open(1, createBodyHash(), (into) => {
      reads++
      return into.length
    })
    queue.written(1, 5 * stepBytes)
    queue.rounds()
    expect(queue.abandon(1)).toBe(true)
    expect(queue.abandon(1)).toBe(false)
    queue.written(1, 9 * stepBytes)
    queue.finish(1)
    queue.whileBusy()
    expect(reads).toBe(1)
    expect(queue.answers).toEqual([])
  })

  it('fail alone, with the reason, when their file cannot be read or is too short', () => {
    const content = testBytes(3 * stepBytes)
    const queue = new Queue()
    queue.open(1, createBodyHash(), () => {
      throw new Error('EIO: i/o error, read')
    })
    queue.begin(2, content.subarray(0, stepBytes))
    queue.begin(3, content)
    for (const id of [1, 2, 3]) queue.written(id, content.length)
    queue.whileBusy()
    for (const id of [1, 2, 3]) queue.finish(id)
    queue.rounds()
    expect(queue.answers).toEqual([
      { kind: 'failed', id: 1, message: 'EIO: i/o error, read' },
      { kind: 'failed', id: 2, message: 'the file is shorter than what was written to it' },
      digestOf(3, content),
    ])
  })
})
