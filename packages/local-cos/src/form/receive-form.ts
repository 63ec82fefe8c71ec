import type { Readable } from 'node:stream'
import { asError } from '../errors.js'
import { drain, type BodyGate } from '../storage/drain.js'
import type { FormFields } from './form-fields.js'
import { FormParser, type FormFile } from './form-parser.js'

/** A form whose fields are complete and whose file has begun to arrive. */
export interface ReceivedForm {
  readonly fields: FormFields
  readonly file: FormFile
  /** Resolves when the whole body has arrived and is a valid form. The file must be read for this to happen. */
  readonly complete: Promise<void>
}

/**
 * Reads a form from a request's body.
 *
 * @param use gets the fields and reads the file. If it throws, the rest of the body is discarded.
 * @throws {@link CosError} `MalformedPOSTRequest`, `IncompleteBody`, or the error of the gate, whatever `use`
 *   does.
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
  // A failure of the body also fails the file in it.
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
