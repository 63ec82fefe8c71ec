export { bytes, crc64, md5 } from './content.js'
export { storeContract } from './contract.js'
export type { ContractContext, ContractSubject } from './contract.js'
export { partSender, refusalOf } from './signed-fetch.js'
