import { describe, expect, it } from 'vitest'
import { corsRulesOf, corsXml } from './cors-rules.js'
import { readXml } from './xml/read-xml.js'

describe('CORS rules', () => {
  it('survive writing and reading', () => {
    const rules = [
      {
        id: 'app',
        allowedOrigins: ['https://a.example', 'https://*.b.example'],
        allowedMethods: ['PUT', 'GET'],
        allowedHeaders: ['*'],
        exposeHeaders: ['ETag', 'x-cos-hash-crc64ecma'],
        maxAge: 600,
      },
      { allowedOrigins: ['*'], allowedMethods: ['GET'], allowedHeaders: [], exposeHeaders: [], maxAge: 0 },
    ]
    expect(corsRulesOf(corsXml(rules))).toEqual(rules)
  })

  it('are read whatever else is beside them', () => {
    const xml =
      '<CORSConfiguration xmlns="x"><CORSRule><ID>1</ID><AllowedOrigin>*</AllowedOrigin></CORSRule><ResponseVary>true</ResponseVary></CORSConfiguration>'
    expect(corsRulesOf(readXml(xml))).toEqual([
      {
        id: '1',
        allowedOrigins: ['*'],
        allowedMethods: [],
        allowedHeaders: [],
        exposeHeaders: [],
        maxAge: 0,
      },
    ])
  })

  it('take nothing away that stands beside them', () => {
    const before = readXml(
      '<CORSConfiguration><CORSRule><ID>1</ID></CORSRule><ResponseVary>true</ResponseVary></CORSConfiguration>',
    )
    const rule = {
      allowedOrigins: ['*'],
      allowedMethods: ['PUT'],
      allowedHeaders: [],
      exposeHeaders: [],
      maxAge: 5,
    }
    const after = corsXml([rule], before)
    expect(corsRulesOf(after)).toEqual([rule])
    expect(after.children.at(-1)).toMatchObject({ name: 'ResponseVary', text: 'true' })
  })
})
