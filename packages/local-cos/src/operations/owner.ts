import { element } from '../xml.js'

/** Id of the account that owns a bucket. */
export function ownerId(bucket: string): string {
  const appid = /\d+$/.exec(bucket)?.[0] ?? '0'
  return `qcs::cam::uin/${appid}:uin/${appid}`
}

/** Owner as shown in listings; the APPID is the suffix of the bucket name. */
export function ownerElement(name: 'Owner' | 'Initiator', bucket: string): string {
  const appid = /\d+$/.exec(bucket)?.[0] ?? '0'
  return element(name, [element('ID', ownerId(bucket)), element('DisplayName', appid)])
}
