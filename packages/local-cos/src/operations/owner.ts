import { element } from '../xml.js'

/** The account that a bucket belongs to. */
export function ownerId(bucket: string): string {
  const appid = /\d+$/.exec(bucket)?.[0] ?? '0'
  return `qcs::cam::uin/${appid}:uin/${appid}`
}

/** The account, as listings name it: its appid stands at the end of the bucket's name. */
export function ownerElement(name: 'Owner' | 'Initiator', bucket: string): string {
  const appid = /\d+$/.exec(bucket)?.[0] ?? '0'
  return element(name, [element('ID', ownerId(bucket)), element('DisplayName', appid)])
}
