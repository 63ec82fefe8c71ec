import type { Readable } from 'node:stream'
import { asError } from '../errors.js'
import { drain, type BodyGate } from '../storage/drain.js'
import type { FormFields } from './form-fields.js'
import { FormParser, type FormFile } from './form-parser.js'

/** A form whose fields are there and whose file has begun to come. */
export interface ReceivedForm {
  readonly fields: FormFields
  readonly file: FormFile
  /** Resolves when the whole body came and was a form to its end, which takes someone who reads the file. */
  readonly complete: Promise<void>
}

/**
 * Reads a form from a request's body.
 *
 * @param use gets the fields and reads the file. When it throws, the rest of the body is dropped.
 * @throws {@link CosError} `MalformedPOSTRequest`, `IncompleteBody`, or what the gate threw, whatever `use` made of it.
 */
export async function receiveForm<Result>(
  source: { readonly contentType: string; readonly body: Readable; readonly gate: BodyGate },
  use: (form: ReceivedForm) => Promise<Result>,
): Promise<Result> {
  const parser = new FormParser(source.contentType)
  const gate: BodyGate = (received) => (parser.failure === undefined ? source.gate(received) : undefined)
  const complete = drain(source.body, gate, async (chunks) => parser.write(chunks)).then(async () =>
    parser.end(),
  )
  // Whatever goes wrong with the body goes wrong with the file in it.
  complete.catch((error: unknown) => parser.fail(asError(error)))
  try {
    const file = await Promise.race([parser.opened, complete.then(() => parser.opened)])
    return await use({ fields: parser.fields, file, complete })
  } catch (error) {
    throw parser.failure ?? error
  } finally {
    parser.fail(new Error('The form has been answered.'))
  }
}
