import type { IncomingHttpHeaders } from 'node:http'
import { CosError } from '../errors.js'
import { allUsers } from '../open-access.js'
import { parseBodyXml } from '../request-xml.js'
import type { Acl, Grant } from '../storage/object-record.js'
import { childText, element, xmlDeclaration, type XmlElement } from '../xml.js'
import { headerOf } from './context.js'
import { ownerElement, ownerId } from './owner.js'

type Resource = 'bucket' | 'object'

/** Source: https://cloud.tencent.com/document/product/436/30752 */
const presets: Readonly<Record<Resource, readonly string[]>> = {
  bucket: ['private', 'default', 'public-read', 'public-read-write'],
  object: ['default', 'private', 'public-read'],
}
const knownPresets = ['authenticated-read', 'bucket-owner-read', 'bucket-owner-full-control']
const groups = [allUsers, 'http://cam.qcloud.com/groups/global/AuthenticatedUsers']
const permissionOfHeader = {
  'x-cos-grant-read': 'READ',
  'x-cos-grant-write': 'WRITE',
  'x-cos-grant-read-acp': 'READ_ACP',
  'x-cos-grant-write-acp': 'WRITE_ACP',
  'x-cos-grant-full-control': 'FULL_CONTROL',
} as const
/** "At most 100 grants." */
const maxGrants = 100

/**
 * Reads the ACL from `x-cos-acl` and `x-cos-grant-*`; `undefined` if none of these headers is set.
 *
 * @throws {@link CosError} `InvalidArgument`, `NotImplemented`, `AttachmentFull`
 */
export function parseAclHeaders(headers: IncomingHttpHeaders, of: Resource): Acl | undefined {
  const preset = headerOf({ headers }, 'x-cos-acl') ?? ''
  if (knownPresets.includes(preset)) {
    throw new CosError('NotImplemented', `x-cos-acl: ${preset} is not part of this store.`)
  }
  if (preset !== '' && !presets[of].includes(preset)) {
    throw new CosError('InvalidArgument', `x-cos-acl of this ${of} must be one of ${presets[of].join(', ')}.`)
  }
  const grants = Object.entries(permissionOfHeader).flatMap(([name, permission]) =>
    granteesOf(name, headerOf({ headers }, name) ?? '').map((grantee) => ({ grantee, permission })),
  )
  return preset === '' && grants.length === 0 ? undefined : { preset, grants: withinLimit(grants) }
}

/** `id="100000000001",id="100000000002"` */
function granteesOf(name: string, text: string): readonly string[] {
  if (text.trim() === '') return []
  return text.split(',').map((entry) => {
    const [, id = ''] = /^\s*(?:id|uin)\s*=\s*"([^"]*)"\s*$/i.exec(entry) ?? []
    const account = accountOf(id)
    if (account === null) {
      throw new CosError(
        'InvalidArgument',
        `${name} must be id="<account>", several separated by commas. Nothing was changed.`,
      )
    }
    return account
  })
}

/** Accepts `100000000001`, `100000000001/100000000011` or the full name; `null` for anything else. */
function accountOf(id: string): string | null {
  const [, owner, sub] = /^(?:qcs::cam::uin\/)?(\d{1,20})(?:(?:\/|:uin\/)(\d{1,20}))?$/.exec(id) ?? []
  return owner === undefined ? null : `qcs::cam::uin/${owner}:uin/${sub ?? owner}`
}

function withinLimit(grants: readonly Grant[]): readonly Grant[] {
  if (grants.length <= maxGrants) return grants
  throw new CosError(
    'AttachmentFull',
    `There are ${grants.length} grants, and at most ${maxGrants} are possible.`,
  )
}

/**
 * Parses the ACL from an `AccessControlPolicy`.
 *
 * @throws {@link CosError} `MalformedXML`, `InvalidArgument`, `AttachmentFull`
 */
export function parseAcl(xml: string, of: Resource, bucket: string): Acl {
  const root = parseBodyXml(xml, 'AccessControlPolicy')
  const owner = root.children.find(({ name }) => name === 'Owner')
  const list = root.children.find(({ name }) => name === 'AccessControlList')
  if (owner === undefined || list === undefined) throw malformed('it needs an Owner and an AccessControlList')
  if (childText(owner, 'ID') !== ownerId(bucket)) {
    throw new CosError('InvalidArgument', `The Owner must be ${ownerId(bucket)}: it cannot be changed.`)
  }
  return { preset: '', grants: withinLimit(list.children.map((grant) => parseGrant(grant, of))) }
}

function parseGrant(grant: XmlElement, of: Resource): Grant {
  const grantee = grant.children.find(({ name }) => name === 'Grantee')
  const permission = childText(grant, 'Permission') ?? ''
  if (grant.name !== 'Grant' || grantee === undefined)
    throw malformed('it holds what is no Grant of a Grantee')
  const permissions: readonly string[] = Object.values(permissionOfHeader)
  if (!permissions.includes(permission) || (permission === 'WRITE' && of === 'object')) {
    throw malformed(`${JSON.stringify(permission)} is no Permission on this ${of}`)
  }
  const [id, uri] = [childText(grantee, 'ID'), childText(grantee, 'URI')]
  if (id === 'qcs::cam::anyone:anyone' && uri === undefined) return { grantee: allUsers, permission }
  const name = id === undefined ? groups.find((group) => group === uri) : uri === undefined && accountOf(id)
  if (typeof name !== 'string') throw malformed('a Grantee needs the ID of an account or the URI of a group')
  return { grantee: name, permission }
}

function malformed(why: string): CosError {
  return new CosError('MalformedXML', `The AccessControlPolicy cannot be used: ${why}. Nothing was changed.`)
}

const xsi = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'

export function formatAcl(acl: Acl, bucket: string): string {
  const grants = [...presetGrants(acl, bucket), ...acl.grants]
  return (
    xmlDeclaration +
    element('AccessControlPolicy', [
      ownerElement('Owner', bucket),
      element('AccessControlList', grants.map(grantElement)),
    ])
  )
}

/**
 * Grants of a preset, including the owner's (example in 436/7744). The tests of Tencent's SDKs expect grants
 * set without a preset, or with `private`, to be returned exactly as set.
 */
function presetGrants({ preset, grants }: Acl, bucket: string): readonly Grant[] {
  const own = { grantee: ownerId(bucket), permission: 'FULL_CONTROL' }
  switch (preset) {
    case 'public-read':
      return [{ grantee: allUsers, permission: 'READ' }, own]
    case 'public-read-write':
      return [{ grantee: allUsers, permission: 'FULL_CONTROL' }, own]
    case 'private':
      return grants.length === 0 ? [own] : []
    default:
      return []
  }
}

function grantElement({ grantee, permission }: Grant): string {
  const isGroup = groups.includes(grantee)
  const names = isGroup
    ? [element('URI', grantee)]
    : [element('ID', grantee), element('DisplayName', grantee)]
  return element('Grant', [
    element('Grantee', names, `${xsi} xsi:type="${isGroup ? 'Group' : 'CanonicalUser'}"`),
    element('Permission', permission),
  ])
}
