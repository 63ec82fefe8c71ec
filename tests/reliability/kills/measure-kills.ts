import { join } from 'node:path'
import { makeScratchFolder } from '../../browser/harness/scratch-folder.js'
import { GiB, MiB, makeTestFile } from '../../browser/harness/test-file.js'
import type { Finding } from '../report/reliability-page.js'
import { killTable } from './kill-report.js'
import { planKills } from './kill-plan.js'
import { type KilledUpload, uploadThroughKills } from './killed-upload.js'

const times = 20
const size = 4 * GiB
/** Bytes per second of each part: a part takes a second, so that kills interrupt it in transit. */
const rate = 8 * MiB
/** From this share on, six concurrent parts take another four seconds. */
const latest = 0.95

/** Kills the store, server and browser twenty times each during one upload. */
export async function measureKills(seed: number): Promise<Finding> {
  const scratch = await makeScratchFolder('files')
  try {
    const file = await makeTestFile(join(scratch.path, 'film.mkv'), size, seed)
    const say = (line: string) => console.log(`   ${line}`)
    const upload = await uploadThroughKills({ file, plan: planKills(seed, times, latest), rate, say })
    const again = (100 * upload.bytesAgain) / size
    return {
      table: killTable(upload),
      notes: [
        `One upload of ${size / GiB} GiB in ${upload.partCount} parts of ${upload.partSize / MiB} and ${upload.largestPart / MiB} MiB, ` +
          `${Math.round(upload.milliseconds / 60_000)} minutes at ${rate / MiB} MiB/s for each part under way.`,
        `The object's SHA-256 is the file's; every part was accepted exactly once.`,
        `${(upload.bytesAgain / MiB).toFixed(0)} MiB were received in vain, ${again.toFixed(1)} % of the file; ` +
          `${(upload.unexplained / MiB).toFixed(1)} MiB of them for another reason than a kill.`,
      ],
      command: `npm run reliability -- --only kills --seed ${seed}`,
      failures: failuresOf(upload, file.sha256),
    }
  } finally {
    await scratch.remove()
  }
}

/** Requirements that the upload did not meet. */
export function failuresOf(upload: KilledUpload, sha256: string): readonly string[] {
  const { kills, acknowledged, partCount } = upload
  const twice = [...acknowledged].filter(([, times]) => times > 1).map(([partNumber]) => partNumber)
  const tooMuch = kills.filter(({ bytesAgain, bytesInFlight }) => bytesAgain > bytesInFlight)
  return [
    ...(upload.sha256 === sha256 ? [] : ['the object is not the file']),
    ...(acknowledged.size === partCount ? [] : [`${acknowledged.size} of ${partCount} parts were accepted`]),
    ...(twice.length === 0 ? [] : [`parts accepted more than once: ${twice.join(', ')}`]),
    ...tooMuch.map(
      ({ target, bytesAgain, bytesInFlight }) =>
        `after a kill of the ${target} ${bytesAgain} bytes were sent again, ${bytesInFlight} had been in flight`,
    ),
    ...(upload.unexplained === 0 ? [] : [`${upload.unexplained} bytes were sent again without a kill`]),
  ]
}
