import { CosError } from '../errors.js'
import {
  keptConfiguration,
  keptNames,
  type KeptConfiguration,
  type KeptOperation,
} from '../kept-configurations.js'
import { parseBodyXml } from '../request-xml.js'
import { element, formatXml, type XmlElement } from '../xml.js'
import { bucketOf, xmlAnswer, type Answer, type OperationContext } from './context.js'
import { maxConfigurationSize, readXmlBody } from './request-body.js'

async function put(context: OperationContext, configuration: KeptConfiguration): Promise<Answer> {
  const bucket = bucketOf(context)
  const { parameter, root } = configuration
  const body = await readXmlBody(context, maxConfigurationSize)
  if (body === '' && configuration.mayBeEmptied === true) {
    await bucket.change({ [parameter]: undefined })
    return { status: 200 }
  }
  const given = checkedConfiguration(body, root, configuration.problem)
  const unsupported = configuration.unsupported?.(given)
  if (unsupported !== undefined) {
    throw new CosError('NotImplemented', `${unsupported} is not part of this store. Nothing was changed.`)
  }
  await bucket.change({ [parameter]: formatXml(configuration.completed?.(given) ?? given) })
  return { status: 200 }
}

async function get(context: OperationContext, configuration: KeptConfiguration): Promise<Answer> {
  const { parameter, root, missing } = configuration
  const xml = bucketOf(context).settings[parameter]
  if (xml !== undefined) return xmlAnswer(xml)
  if (missing === null) return xmlAnswer(element(root, []))
  throw new CosError(missing, `The bucket has no ${root}.`)
}

async function remove(context: OperationContext, { parameter }: KeptConfiguration): Promise<Answer> {
  await bucketOf(context).change({ [parameter]: undefined })
  return { status: 204 }
}

/** Reads an XML body, which must have the given root and no problem. @throws {@link CosError} `MalformedXML` */
export async function readConfiguration(
  context: OperationContext,
  root: string,
  problemOf: (given: XmlElement) => string | undefined,
): Promise<XmlElement> {
  return checkedConfiguration(await readXmlBody(context, maxConfigurationSize), root, problemOf)
}

function checkedConfiguration(
  body: string,
  root: string,
  problemOf: (given: XmlElement) => string | undefined,
): XmlElement {
  const given = parseBodyXml(body, root)
  const problem = problemOf(given)
  if (problem === undefined) return given
  throw new CosError('MalformedXML', `The ${root} cannot be used: ${problem}. Nothing was changed.`)
}

export type Operate = (context: OperationContext) => Promise<Answer>

/** Handler for each operation on these configurations. */
export const keptOperations = Object.fromEntries(
  keptNames.flatMap((name): readonly (readonly [KeptOperation, Operate])[] => {
    const configuration = keptConfiguration(name)
    return [
      [`PutBucket${name}`, async (context) => put(context, configuration)],
      [`GetBucket${name}`, async (context) => get(context, configuration)],
      [`DeleteBucket${name}`, async (context) => remove(context, configuration)],
    ]
  }),
  // `fromEntries` loses the key types.
) as Readonly<Record<KeptOperation, Operate>>
