import type { Kysely } from 'kysely'
import { toBase64 } from '../base64.js'
import type { Tables } from './tables.js'

/** A random 256-bit secret, made once per name and shared by all servers on the database. Base64. */
export async function sharedSecret(tables: Kysely<Tables>, name: string): Promise<string> {
  const value = toBase64(crypto.getRandomValues(new Uint8Array(32)))
  await tables
    .insertInto('secrets')
    .values({ name, value })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const stored = await tables
    .selectFrom('secrets')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirstOrThrow()
  return stored.value
}
