import type { Verification } from '../upload-types.js'

/** All there are, strongest first. */
export const verifications: readonly Verification[] = ['object-crc64', 'part-crc64', 'part-md5', 'size']
