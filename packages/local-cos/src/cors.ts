import { CosError } from './errors.js'
import { parseBodyXml } from './request-xml.js'
import { childText, childTexts, element, xmlDeclaration } from './xml.js'

/** One rule of a bucket's CORS configuration. Source: https://cloud.tencent.com/document/product/436/8279 */
export interface CorsRule {
  readonly id?: string
  /** At most one `*` in each. */
  readonly allowedOrigins: readonly string[]
  readonly allowedMethods: readonly string[]
  readonly allowedHeaders: readonly string[]
  readonly exposeHeaders: readonly string[]
  /** Seconds. */
  readonly maxAge?: number
}

export interface CorsConfiguration {
  readonly rules: readonly CorsRule[]
  readonly responseVary: boolean
}

/** Lets any page send the requests and read the response headers an uploader needs. */
export const permissiveCors: CorsConfiguration = {
  rules: [
    {
      allowedOrigins: ['*'],
      allowedMethods: ['PUT', 'GET', 'POST', 'DELETE', 'HEAD'],
      allowedHeaders: ['*'],
      exposeHeaders: [
        'ETag',
        'Date',
        'Content-Length',
        'Content-Range',
        'Content-Disposition',
        'x-cos-request-id',
        'x-cos-hash-crc64ecma',
        'x-cos-storage-class',
        'x-cos-version-id',
      ],
      maxAge: 600,
    },
  ],
  responseVary: false,
}

const methods = new Set(['GET', 'PUT', 'POST', 'DELETE', 'HEAD'])
const maxRules = 100

/** @throws {@link CosError} `MalformedXML`, `InvalidRequest` */
export function parseCors(xml: string): CorsConfiguration {
  const root = parseBodyXml(xml, 'CORSConfiguration')
  const rules = root.children
    .filter((child) => child.name === 'CORSRule')
    .map((rule): CorsRule => {
      const id = childText(rule, 'ID')
      const maxAge = childText(rule, 'MaxAgeSeconds')
      return {
        ...(id === undefined ? {} : { id }),
        allowedOrigins: childTexts(rule, 'AllowedOrigin'),
        allowedMethods: childTexts(rule, 'AllowedMethod'),
        allowedHeaders: childTexts(rule, 'AllowedHeader'),
        exposeHeaders: childTexts(rule, 'ExposeHeader'),
        ...(maxAge === undefined ? {} : { maxAge: Number(maxAge) }),
      }
    })
  if (rules.length === 0 || rules.length > maxRules) {
    throw new CosError('MalformedXML', `A CORS configuration has 1 to ${maxRules} rules.`)
  }
  for (const rule of rules) checkRule(rule)
  return { rules, responseVary: childText(root, 'ResponseVary') === 'true' }
}

function checkRule(rule: CorsRule): void {
  if (rule.allowedOrigins.length === 0 || rule.allowedMethods.length === 0) {
    throw new CosError('MalformedXML', 'A CORS rule needs AllowedOrigin and AllowedMethod.')
  }
  const badMethod = rule.allowedMethods.find((method) => !methods.has(method))
  if (badMethod !== undefined) {
    throw new CosError(
      'InvalidRequest',
      `AllowedMethod ${badMethod} is not one of GET, PUT, POST, DELETE, HEAD.`,
    )
  }
  const stars = [...rule.allowedOrigins, ...rule.allowedHeaders].find((text) => text.split('*').length > 2)
  if (stars !== undefined) throw new CosError('InvalidRequest', `${stars} has more than one wildcard.`)
  // "ExposeHeader does not support the wildcard" (436/8279).
  if (rule.exposeHeaders.some((header) => header.includes('*'))) {
    throw new CosError('InvalidRequest', 'ExposeHeader must not contain a wildcard.')
  }
  if (rule.maxAge !== undefined && !(Number.isInteger(rule.maxAge) && rule.maxAge >= 0)) {
    throw new CosError('MalformedXML', 'MaxAgeSeconds must be a whole number of seconds.')
  }
}

export function formatCors({ rules, responseVary }: CorsConfiguration): string {
  return (
    xmlDeclaration +
    element('CORSConfiguration', [
      ...rules.map((rule) =>
        element('CORSRule', [
          rule.id === undefined ? undefined : element('ID', rule.id),
          ...rule.allowedOrigins.map((text) => element('AllowedOrigin', text)),
          ...rule.allowedMethods.map((text) => element('AllowedMethod', text)),
          ...rule.allowedHeaders.map((text) => element('AllowedHeader', text)),
          ...rule.exposeHeaders.map((text) => element('ExposeHeader', text)),
          rule.maxAge === undefined ? undefined : element('MaxAgeSeconds', rule.maxAge),
        ]),
      ),
      element('ResponseVary', responseVary),
    ])
  )
}

/** CORS headers for an answer to a page of `origin`; empty if no rule matches. The first matching rule applies. */
export function corsHeaders(
  configuration: CorsConfiguration | null,
  origin: string,
  method: string,
): Readonly<Record<string, string>> {
  const rule = configuration?.rules.find((candidate) => fits(candidate, origin, method))
  return configuration === null || rule === undefined ? {} : headersOf(configuration, rule, origin)
}

/**
 * Headers of the answer to a preflight.
 *
 * @throws {@link CosError} `AccessForbidden`, as in https://cloud.tencent.com/document/product/436/8288.
 */
export function preflightHeaders(
  configuration: CorsConfiguration | null,
  request: { readonly origin: string; readonly method: string; readonly headers: readonly string[] },
): Readonly<Record<string, string>> {
  const rule = configuration?.rules.find(
    (candidate) =>
      fits(candidate, request.origin, request.method) &&
      request.headers.every((header) =>
        candidate.allowedHeaders.some((allowed) =>
          matchesWildcard(allowed.toLowerCase(), header.toLowerCase()),
        ),
      ),
  )
  if (configuration === null || rule === undefined) {
    throw new CosError(
      'AccessForbidden',
      'CORSResponse: This CORS request is not allowed. This is usually because the evaluation of Origin, request ' +
        'method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the ' +
        "resource's CORS spec.",
    )
  }
  return {
    ...headersOf(configuration, rule, request.origin),
    ...(request.headers.length === 0 ? {} : { 'Access-Control-Allow-Headers': request.headers.join(', ') }),
  }
}

function fits(rule: CorsRule, origin: string, method: string): boolean {
  return (
    rule.allowedMethods.includes(method) &&
    rule.allowedOrigins.some((allowed) => matchesWildcard(allowed.toLowerCase(), origin.toLowerCase()))
  )
}

function headersOf(configuration: CorsConfiguration, rule: CorsRule, origin: string): Record<string, string> {
  const anyOrigin = rule.allowedOrigins.includes('*')
  return {
    'Access-Control-Allow-Origin': anyOrigin ? '*' : origin,
    'Access-Control-Allow-Methods': rule.allowedMethods.join(', '),
    ...(anyOrigin ? {} : { 'Access-Control-Allow-Credentials': 'true' }),
    ...(rule.exposeHeaders.length === 0
      ? {}
      : { 'Access-Control-Expose-Headers': rule.exposeHeaders.join(', ') }),
    ...(rule.maxAge === undefined ? {} : { 'Access-Control-Max-Age': String(rule.maxAge) }),
    ...(configuration.responseVary || !anyOrigin
      ? { Vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers' }
      : {}),
  }
}

function matchesWildcard(pattern: string, text: string): boolean {
  const star = pattern.indexOf('*')
  if (star === -1) return pattern === text
  const [before, after] = [pattern.slice(0, star), pattern.slice(star + 1)]
  return text.length >= before.length + after.length && text.startsWith(before) && text.endsWith(after)
}
