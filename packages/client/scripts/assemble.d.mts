/** The source of crc64-module.ts that goes with crc64.wat. */
export function assembled(): Promise<string>
