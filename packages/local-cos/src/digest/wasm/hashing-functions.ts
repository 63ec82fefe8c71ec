import { hashingModule } from './hashing-module.js'

/** What hashing-module-wat.ts exports; addresses and lengths in bytes. */
export interface HashingFunctions {
  readonly memory: { readonly buffer: ArrayBuffer }
  md5One(data: number, blocks: number): void
  md5Four(blocks: number): void
  crc64Fold(data: number, end: number): void
  crc64Unfold(data: number): void
  /** The crc is a signed 64-bit integer when it comes out. */
  crc64Bytes(crc: bigint, data: number, length: number): bigint
}

/** WebAssembly belongs to every JavaScript engine, but TypeScript declares it with the browser's types alone. */
interface Engine {
  readonly WebAssembly: {
    readonly Module: new (bytes: Uint8Array) => object
    readonly Instance: new (module: object) => { readonly exports: unknown }
  }
}

/** An instance with memory of its own: about 700 KiB. */
export function instantiateHashing(): HashingFunctions {
  const { Module, Instance } = (globalThis as unknown as Engine).WebAssembly
  return new Instance(new Module(Buffer.from(hashingModule, 'base64'))).exports as HashingFunctions
}
