import AwsS3 from '@uppy/aws-s3'
import Uppy from '@uppy/core'
import type { Contestant, Task } from './contestant.js'
import { enter } from './page.js'
import { peerPrefix } from './peer-credentials.js'

/** Uppy with its `aws-s3` plugin; the application's server signs each request. Settings: `chunkSize` in bytes. */
class UppyAwsS3 implements Contestant {
  #uppy: Uppy | null = null

  async prepare(task: Task): Promise<void> {
    const { chunkSize } = task.settings
    this.#uppy = new Uppy().use(AwsS3, {
      signRequest: async (request) => {
        const answer = await fetch('/peer-signing', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(request),
        })
        if (!answer.ok) throw new Error(`/peer-signing answered ${answer.status}`)
        return (await answer.json()) as { url: string }
      },
      generateObjectKey: ({ id }) => `${peerPrefix}${task.run}-${id}`,
      ...(chunkSize === undefined ? {} : { getChunkSize: () => chunkSize, shouldUseMultipart: true }),
    })
  }

  async upload(files: readonly File[]): Promise<void> {
    const uppy = this.#uppy
    if (uppy === null) throw new Error('Not prepared')
    uppy.addFiles(files.map((data) => ({ name: data.name, type: data.type, data })))
    const answer = await uppy.upload()
    const [failed] = answer?.failed ?? []
    if (failed !== undefined) throw new Error(failed.error ?? 'Uppy gave no reason')
  }
}

enter(new UppyAwsS3())
