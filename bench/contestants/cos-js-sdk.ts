import COS from 'cos-js-sdk-v5'
import type { Contestant, Task } from './contestant.js'
import { noteFigure } from './figures.js'
import { enter } from './page.js'

interface StsAnswer {
  readonly credentials: {
    readonly tmpSecretId: string
    readonly tmpSecretKey: string
    readonly sessionToken: string
  }
  readonly startTime: number
  readonly expiredTime: number
  readonly prefix: string
}

/**
 * Tencent's `cos-js-sdk-v5` as its README sets it up: temporary credentials from the application's server,
 * `uploadFiles`.
 *
 * Settings are options of its constructor: `ChunkSize`, `ChunkParallelLimit`, `FileParallelLimit`.
 */
class CosJsSdk implements Contestant {
  #cos: COS | null = null
  #task: Task | null = null
  #prefix = ''

  async prepare(task: Task): Promise<void> {
    this.#task = task
    // In the SDK's examples the page itself has the key prefix; here the server returns it.
    this.#prefix = (await credentials()).prefix
    this.#cos = new COS({
      Protocol: 'http:',
      Domain: `{Bucket}.cos.{Region}.localhost:${new URL(task.storeOrigin).port}`,
      getAuthorization: (_options, callback) => {
        void credentials().then(({ credentials: key, startTime, expiredTime }) =>
          callback({
            TmpSecretId: key.tmpSecretId,
            TmpSecretKey: key.tmpSecretKey,
            SecurityToken: key.sessionToken,
            StartTime: startTime,
            ExpiredTime: expiredTime,
          }),
        )
      },
      ...task.settings,
    })
  }

  async upload(files: readonly File[]): Promise<void> {
    const [cos, task] = [this.#cos, this.#task]
    if (cos === null || task === null) throw new Error('Not prepared')
    const { bucket: Bucket, region: Region, run, figures = false } = task
    const answer = await cos.uploadFiles({
      files: files.map((Body, index) => ({
        Bucket,
        Region,
        // The SDK resumes an unfinished upload of the same key.
        Key: `${this.#prefix}${run}-${index}`,
        Body,
      })),
      SliceSize: 1024 * 1024,
      ...(figures ? { onProgress: ({ percent }) => noteFigure(percent * 100) } : {}),
    })
    const failed = answer.files.find(({ error }) => Boolean(error))
    if (failed !== undefined) throw new Error(JSON.stringify(failed.error))
  }
}

async function credentials(): Promise<StsAnswer> {
  const answer = await fetch('/sts')
  if (!answer.ok) throw new Error(`/sts answered ${answer.status}`)
  return (await answer.json()) as StsAnswer
}

enter(new CosJsSdk())
