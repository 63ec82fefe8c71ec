/** The generated source of a WebAssembly module, by its path in `src`. */
export function assembled(path: 'crc64/crc64-module.ts' | 'md5/md5-module.ts'): Promise<string>
