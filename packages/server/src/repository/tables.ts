import type { UploadRow } from './upload-row.js'

/** The tables as Kysely types; columns are snake_case in the database. */
export interface Tables {
  readonly uploads: UploadRow
  readonly secrets: SecretRow
}

export interface SecretRow {
  readonly name: string
  /** Base64. */
  readonly value: string
}
