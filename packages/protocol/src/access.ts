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
      /** The bucket that parts go to. */
      readonly location: {
        /** `cos` or `s3`: the client can sign for no others. */
        readonly dialect: string
        /** URL of the bucket, without a slash at the end. */
        readonly baseUrl: string
        /** COS: name with APPID. */
        readonly bucket: string
        /** Such as `ap-guangzhou`. */
        readonly region: string
      }
      /** Temporary keys. */
      readonly credentials: {
        /** Identifies the key. */
        readonly accessKeyId: string
        /** Signs requests; it is never sent. */
        readonly secretAccessKey: string
        /** Sent with each request. */
        readonly sessionToken?: string
      }
      /** Unix seconds of the store's clock. */
      readonly startsAt: number
      /** Unix seconds of the store's clock. */
      readonly expiresAt: number
    }
  | { readonly mode: 'urls'; readonly urls: Readonly<Record<string, string>>; readonly expiresAt: number }
  | {
      readonly mode: 'put'
      /** Absolute. */
      readonly url: string
      /** Signed: sent as they are. */
      readonly headers: Readonly<Record<string, string>>
      /** Unix seconds of the store's clock. */
      readonly expiresAt: number
    }
  | {
      readonly mode: 'form'
      /** Absolute. */
      readonly url: string
      /** Sent in this order, then the file. */
      readonly fields: Readonly<Record<string, string>>
      /** Unix seconds of the store's clock. */
      readonly expiresAt: number
    }

/** Answer to `POST /uploads/:id/access`, and part of the answer to an open. */
export interface AccessAnswer {
  /** The grant. */
  readonly access: AccessGrant
  /** Unix seconds of the server's clock when it answered. */
  readonly serverTime: number
}
