import { md5Base64, type Check, type Trial } from '../check.js'
import type { Reply } from '../conformance-client.js'

async function restore(trial: Trial, key: string, days: string): Promise<Reply> {
  const body = `<RestoreRequest><Days>${days}</Days><CASJobParameters><Tier>Standard</Tier></CASJobParameters></RestoreRequest>`
  const headers = { 'content-type': 'application/xml', 'content-md5': md5Base64(body) }
  return trial.object('POST', key, { query: { restore: '' }, headers, body })
}

export const archiveChecks: readonly Check[] = [
  {
    name: 'An archive is not read before it is restored, and restoring is accepted',
    document: '436/12633',
    run: async (trial) => {
      await trial.given('a', 'x', { 'x-cos-storage-class': 'ARCHIVE' })
      trial.answers('GET', await trial.object('GET', 'a'), 403, 'InvalidObjectState')
      const head = await trial.object('HEAD', 'a')
      trial.answers('HEAD', head, 200)
      trial.is('class', head.headers['x-cos-storage-class'], 'ARCHIVE')
      trial.answers('restore', await restore(trial, 'a', '1'), 202)
    },
  },
  {
    name: 'Only an archive is restored',
    document: '436/12633',
    run: async (trial) => {
      await trial.given('a', 'x')
      trial.answers('restore', await restore(trial, 'a', '1'), 403, 'InvalidObjectState')
      trial.answers('of a missing object', await restore(trial, 'none', '1'), 404, 'NoSuchKey')
    },
  },
  {
    name: 'A restore needs a number of days',
    document: '436/12633',
    run: async (trial) => {
      await trial.given('a', 'x', { 'x-cos-storage-class': 'ARCHIVE' })
      trial.is('status', (await restore(trial, 'a', 'soon')).status, 400)
    },
  },
]
