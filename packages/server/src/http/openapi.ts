import { ownerHeader } from '@carryon/protocol'
import { z } from 'zod'
import { apiCalls, schemas } from './api-calls.js'
import type { ApiCall, CallAnswer, SchemaName } from './api-calls.js'

type Json = Readonly<Record<string, unknown>>

/**
 * The API as an OpenAPI 3.1 document, generated from the schemas that validate requests and test answers. Its paths
 * assume a server at the root of its host; for another base path, set `servers`.
 */
export function describeApi(): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Carryon',
      version: '1',
      description:
        'Uploads straight into object storage: this server signs requests, keeps the upload records and verifies objects. docs/api.md explains the members.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    security: [{ owner: [] }, {}],
    paths: Object.fromEntries(
      Object.entries(apiCalls).map(([path, operations]) => [
        path,
        {
          ...(path.includes('{id}') && { parameters: [idParameter] }),
          ...Object.fromEntries(
            Object.entries(operations).map(([method, operation]) => [
              method,
              describe(operation, `${method} ${path}`),
            ]),
          ),
        },
      ]),
    ),
    components: {
      schemas: describeSchemas(),
      responses: {
        Problem: {
          description: 'A refusal or failure, as problem details (RFC 9457).',
          content: { 'application/problem+json': { schema: refTo('Problem') } },
        },
      },
      securitySchemes: {
        owner: {
          type: 'apiKey',
          in: 'header',
          name: ownerHeader,
          description:
            'The key of an anonymous owner, as returned by the server in this header; browsers also get it as a cookie. A server with its own `authorize` expects what that function checks instead.',
        },
      },
    },
  }
}

/** Method names for generated clients. */
const operationNames: Readonly<Record<string, string>> = {
  'get /api/uploads': 'listUploads',
  'post /api/uploads': 'openUpload',
  'post /api/uploads/batch': 'batchUploads',
  'get /api/uploads/{id}': 'getUpload',
  'patch /api/uploads/{id}': 'renameUpload',
  'delete /api/uploads/{id}': 'cancelUpload',
  'post /api/uploads/{id}/access': 'renewAccess',
  'get /api/uploads/{id}/parts': 'listParts',
  'post /api/uploads/{id}/complete': 'completeUpload',
  'get /api/uploads/{id}/object': 'downloadObject',
  'delete /api/uploads/{id}/object': 'removeObject',
  'post /api/uploads/{id}/link': 'createLink',
  'get /api/uploads/{id}/receipt': 'getReceipt',
  'get /api/limits': 'getLimits',
  'get /api/openapi.json': 'getDescription',
  'get /sts': 'getTemporaryCredentials',
  'get /healthz': 'getHealth',
}

/** @throws TypeError for a call without a name: an invented one would become a permanent method name */
function operationNameOf(id: string): string {
  const name = operationNames[id]
  if (name === undefined) throw new TypeError(`${id} needs a name for generated clients.`)
  return name
}

const idParameter = { name: 'id', in: 'path', required: true, schema: { type: 'string', maxLength: 64 } }

function describe({ summary, body, query, answers, refusals = [], open }: ApiCall, id: string): Json {
  const codes = refusals.map((code) => `\`${code}\``).join(', ')
  return {
    operationId: operationNameOf(id),
    summary,
    ...(codes !== '' && { description: `May be refused with ${codes}.` }),
    ...(open === true && { security: [] }),
    ...(query !== undefined && { parameters: describeQuery(query) }),
    ...(body !== undefined && {
      requestBody: { required: true, content: { 'application/json': { schema: refTo(body) } } },
    }),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, answer]) => [status, describeAnswer(answer)]),
      ),
      default: { $ref: '#/components/responses/Problem' },
    },
  }
}

function describeAnswer({ description, body }: CallAnswer): Json {
  if (body === undefined) return { description }
  const schema = typeof body === 'string' ? refTo(body) : { anyOf: body.map(refTo) }
  return { description, content: { 'application/json': { schema } } }
}

function refTo(name: SchemaName): Json {
  return { $ref: `#/components/schemas/${name}` }
}

/** Schemas as seen on the wire: both sides ignore unknown members. */
function describeSchemas(): Json {
  const registry = z.registry<{ id: string }>()
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id })
  const described = z.toJSONSchema(registry, {
    io: 'input',
    uri: (id) => `#/components/schemas/${id}`,
    override: ({ jsonSchema }) => {
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties
    },
  })
  return Object.fromEntries(Object.entries(described.schemas).map(([id, schema]) => [id, embedded(schema)]))
}

function describeQuery(members: Readonly<Record<string, z.ZodType>>): readonly Json[] {
  return Object.entries(members).map(([name, member]) => {
    const schema = embedded(z.toJSONSchema(member, { io: 'input' }))
    return { name, in: 'query', required: false, schema }
  })
}

/** A schema to embed in the document, which itself declares the schema dialect for all of them. */
function embedded(schema: object): Json {
  return Object.fromEntries(
    Object.entries(schema).filter(([member]) => member !== '$schema' && member !== '$id'),
  )
}
