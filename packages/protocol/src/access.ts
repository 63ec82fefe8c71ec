/**
 * An access grant: what the server allows this browser to do at the store. Times are Unix seconds of the store's clock.
 *
 * - `credentials`: short-lived, for `UploadPart` of one key and nothing else.
 * - `urls`: one signed URL for each part, by its number; for stores without temporary credentials.
 * - `put`: one signed PUT, whose headers are sent as they are.
 * - `form`: one signed form, whose fields are sent in their order, and the file behind them as the field `file`.
 */
export type AccessGrant =
  | {
      readonly mode: 'credentials'
      readonly location: {
        /** `cos` or `s3`: the client can sign for no others. */
        readonly dialect: string
        /** Of the bucket, without a slash at the end. */
        readonly baseUrl: string
        readonly bucket: string
        readonly region: string
      }
      readonly credentials: {
        readonly accessKeyId: string
        readonly secretAccessKey: string
        readonly sessionToken?: string
      }
      readonly startsAt: number
      readonly expiresAt: number
    }
  | { readonly mode: 'urls'; readonly urls: Readonly<Record<string, string>>; readonly expiresAt: number }
  | {
      readonly mode: 'put'
      readonly url: string
      readonly headers: Readonly<Record<string, string>>
      readonly expiresAt: number
    }
  | {
      readonly mode: 'form'
      readonly url: string
      readonly fields: Readonly<Record<string, string>>
      readonly expiresAt: number
    }

/** Answer to `POST /uploads/:id/access`, and part of the answer to an open. */
export interface AccessAnswer {
  readonly access: AccessGrant
  /** Unix seconds of the server's clock when it answered. */
  readonly serverTime: number
}
