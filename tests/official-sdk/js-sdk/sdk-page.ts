import type COS from 'cos-js-sdk-v5'
import type { Browser, Page } from 'playwright-core'
import type { StsAnswer } from './page-server.js'

/** Outcome of an upload in the page. */
export type Outcome =
  | {
      readonly ok: true
      readonly location: string
      readonly etag: string
      readonly crc64: string | undefined
    }
  | { readonly ok: false; readonly code: string; readonly statusCode: number | undefined }

declare global {
  interface Window {
    COS: typeof COS
    cos: COS
    /** The page's only upload. */
    upload: { task: string; loaded: number[]; outcome: Promise<Outcome> }
  }
}

/** A page with `cos-js-sdk-v5` in a real browser, operated as a user would. */
export class SdkPage {
  readonly #page: Page
  readonly #domain: string | undefined

  private constructor(page: Page, domain: string | undefined) {
    this.#page = page
    this.#domain = domain
  }

  /** @param domain - The SDK's `Domain` option; without one it uses Tencent's own domain. */
  static async open(browser: Browser, origin: string, domain?: string): Promise<SdkPage> {
    const page = await browser.newPage()
    page.setDefaultTimeout(20_000)
    await page.goto(origin)
    const opened = new SdkPage(page, domain)
    await opened.#construct()
    return opened
  }

  /** Reloads the page: everything held only in its memory is lost. */
  async reload(): Promise<void> {
    await this.#page.reload()
    await this.#construct()
  }

  async close(): Promise<void> {
    await this.#page.close()
  }

  /** Constructs the SDK as Tencent's guide shows it (436/11459), with credentials from `GET /sts`. */
  async #construct(): Promise<void> {
    await this.#page.evaluate((domain) => {
      window.cos = new window.COS({
        Protocol: 'http:',
        ...(domain === undefined ? {} : { Domain: domain }),
        ProgressInterval: 20,
        getAuthorization: (_options, callback) => {
          fetch('/sts')
            .then((answer) => answer.json() as Promise<StsAnswer>)
            .then(({ credentials, startTime, expiredTime }) =>
              callback({
                TmpSecretId: credentials.tmpSecretId,
                TmpSecretKey: credentials.tmpSecretKey,
                SecurityToken: credentials.sessionToken,
                StartTime: startTime,
                ExpiredTime: expiredTime,
              }),
            )
            .catch((error: unknown) => console.error(error))
        },
      })
    }, this.#domain)
  }

  async pick(path: string): Promise<void> {
    await this.#page.getByTestId('file').setInputFiles(path)
  }

  /** Starts `uploadFile` for the picked file; resolves once the SDK has named its task. */
  async start(bucket: { Bucket: string; Region: string }, key: string): Promise<void> {
    await this.#page.evaluate(
      async ({ bucket, key }) => {
        const file = document.querySelector('input')?.files?.[0]
        if (file === undefined) throw new Error('No file is picked')
        const loaded: number[] = []
        await new Promise<void>((started) => {
          const outcome = new Promise<Outcome>((resolve) => {
            window.cos.uploadFile(
              {
                ...bucket,
                Key: key,
                Body: file,
                SliceSize: 1024 * 1024,
                ChunkSize: 1024 * 1024,
                onTaskReady: (task) => {
                  setTimeout(() => {
                    window.upload = { task, loaded, outcome }
                    started()
                  })
                },
                onProgress: (progress) => loaded.push(progress.loaded),
              },
              (error: COS.CosError | undefined, result) => {
                if (error) resolve({ ok: false, code: error.code, statusCode: error.statusCode })
                else {
                  const crc64: unknown = result.headers?.['x-cos-hash-crc64ecma']
                  resolve({
                    ok: true,
                    location: result.Location,
                    etag: result.ETag,
                    crc64: typeof crc64 === 'string' ? crc64 : undefined,
                  })
                }
              },
            )
          })
        })
      },
      { bucket, key },
    )
  }

  outcome(): Promise<Outcome> {
    return this.#page.evaluate(() => window.upload.outcome)
  }

  /** Acknowledged and in-flight bytes reported by the SDK so far, in order. */
  progress(): Promise<number[]> {
    return this.#page.evaluate(() => window.upload.loaded)
  }

  pause(): Promise<void> {
    return this.#page.evaluate(() => window.cos.pauseTask(window.upload.task))
  }

  restart(): Promise<void> {
    return this.#page.evaluate(() => window.cos.restartTask(window.upload.task))
  }

  cancel(): Promise<void> {
    return this.#page.evaluate(() => window.cos.cancelTask(window.upload.task))
  }

  /** Aborts every unfinished upload of a key in the store, as an app does after a cancel. */
  async abortUploads(bucket: { Bucket: string; Region: string }, key: string): Promise<void> {
    await this.#page.evaluate(
      ({ bucket, key }) =>
        window.cos.abortUploadTask({ ...bucket, Key: key, Level: 'file' }).then(() => undefined),
      { bucket, key },
    )
  }

  /** Downloads an object in the page; resolves with the SHA-256 of the received bytes, in hex. */
  async download(bucket: { Bucket: string; Region: string }, key: string): Promise<string> {
    return this.#page.evaluate(
      async ({ bucket, key }) => {
        const got = await window.cos.getObject({ ...bucket, Key: key, DataType: 'arraybuffer' })
        if (!(got.Body instanceof ArrayBuffer)) throw new Error('The body is no ArrayBuffer')
        const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', got.Body))
        return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
      },
      { bucket, key },
    )
  }
}
