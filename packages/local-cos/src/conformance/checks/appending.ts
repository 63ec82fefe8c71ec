import type { Check, Trial } from '../check.js'
import type { Reply } from '../conformance-client.js'

async function append(trial: Trial, position: number, body: string): Promise<Reply> {
  return trial.object('POST', 'a', { query: { append: '', position: String(position) }, body })
}

export const appendingChecks: readonly Check[] = [
  {
    name: 'AppendObject appends at the end, and says where the next goes',
    document: '436/7741',
    run: async (trial) => {
      const first = await append(trial, 0, 'one')
      trial.answers('first', first, 200)
      trial.is('x-cos-next-append-position', first.headers['x-cos-next-append-position'], '3')
      trial.is('second', (await append(trial, 3, 'two')).headers['x-cos-next-append-position'], '6')
      const got = await trial.object('GET', 'a')
      trial.is('content', got.body.toString(), 'onetwo')
      trial.is('x-cos-object-type', got.headers['x-cos-object-type'], 'appendable')
    },
  },
  {
    name: 'AppendObject refuses another position, and an object that was put',
    document: '436/7741',
    run: async (trial) => {
      trial.needs('append', await append(trial, 0, 'one'))
      trial.answers('another position', await append(trial, 1, 'x'), 409, 'PositionNotEqualToLength')
      await trial.given('a', 'put')
      trial.answers('of an object that was put', await append(trial, 3, 'x'), 409, 'ObjectNotAppendable')
    },
  },
]
