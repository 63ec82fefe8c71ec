import { S3Client } from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import type { Contestant, Task } from './contestant.js'
import { enter } from './page.js'
import { fetchCredentials, peerPrefix } from './peer-credentials.js'

/** Amazon's `@aws-sdk/lib-storage`. Settings are options of its `Upload`: `partSize` in bytes, `queueSize`. */
class LibStorage implements Contestant {
  #client: S3Client | null = null
  #task: Task | null = null

  async prepare(task: Task): Promise<void> {
    this.#task = task
    this.#client = new S3Client({
      endpoint: task.storeOrigin,
      region: task.region,
      forcePathStyle: true,
      credentials: fetchCredentials,
    })
  }

  async upload(files: readonly File[]): Promise<void> {
    const [client, task] = [this.#client, this.#task]
    if (client === null || task === null) throw new Error('Not prepared')
    await Promise.all(
      files.map((Body, index) =>
        new Upload({
          client,
          params: { Bucket: task.bucket, Key: `${peerPrefix}${task.run}-${index}`, Body },
          ...task.settings,
        }).done(),
      ),
    )
  }
}

enter(new LibStorage())
