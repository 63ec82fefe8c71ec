import { keptConfiguration, keptNames } from '../../kept-configurations.js'
import type { Check, Trial } from '../check.js'
import type { Reply } from '../conformance-client.js'

/** Reads only: a check must not change the bucket. */
async function read(trial: Trial, parameter: string): Promise<Reply> {
  return trial.bucketGet({ [parameter]: '' })
}

/** Documents on the answer when a configuration is missing. */
const documents: Partial<Readonly<Record<string, string>>> = {
  website: '436/31929',
  logging: '436/17053',
  accelerate: '436/38868',
  referer: '436/32493',
  replication: '436/19222',
}

export const configurationChecks: readonly Check[] = [
  ...keptNames.map((name): Check => {
    const { parameter, root, missing } = keptConfiguration(name)
    return {
      name: `GET ?${parameter} answers a ${root}${missing === null ? '' : ', or that there is none'}`,
      document: documents[parameter] ?? null,
      run: async (trial) => {
        const reply = await read(trial, parameter)
        if (missing !== null && reply.status !== 200) trial.answers('answer', reply, 404, missing)
        else trial.is('root', reply.xml.name, root)
      },
    }
  }),
  {
    name: 'GET ?policy answers JSON with a Statement, or that there is none',
    document: '436/8276',
    run: async (trial) => {
      const reply = await read(trial, 'policy')
      if (reply.status === 200) trial.matches('policy', reply.body.toString(), /"Statement"\s*:/)
      else trial.answers('answer', reply, 404, 'NoSuchBucketPolicy')
    },
  },
]
