/** What a network path does to the bytes that cross it. All connections of a path share it, as at one access line. */
export interface LinkProfile {
  /** `100 Mbit/s × 100 ms` */
  readonly name: string
  /** Payload bits a second towards the server; `null`: as fast as loopback. */
  readonly upBitsPerSecond: number | null
  /** Payload bits a second towards the client; `null`: as fast as loopback. */
  readonly downBitsPerSecond: number | null
  /** Round trip in milliseconds: half of it each way. 0 or more. */
  readonly rttMs: number
  /** Bytes that may wait for the line in one direction. Default: one bandwidth-delay product and 64 KiB. */
  readonly queueBytes?: number
  /** Milliseconds that the server takes to answer a request that has a body (PUT, POST). Default 0. */
  readonly serverTimeMs?: number
  /** One of the open connections is reset about this often, milliseconds. Default: never. */
  readonly resetEveryMs?: number
}

/** `megabits(100)` is 100 Mbit/s in bits a second. */
export function megabits(count: number): number {
  return count * 1e6
}

/** Loopback as it is, through no relay. */
export const fastLink: LinkProfile = {
  name: 'loopback',
  upBitsPerSecond: null,
  downBitsPerSecond: null,
  rttMs: 0,
}

/** The same rate both ways. */
export function symmetricLink(bitsPerSecond: number, rttMs: number): LinkProfile {
  return {
    name: `${bitsPerSecond / 1e6 >= 1000 ? `${bitsPerSecond / 1e9} Gbit/s` : `${bitsPerSecond / 1e6} Mbit/s`} × ${rttMs} ms`,
    upBitsPerSecond: bitsPerSecond,
    downBitsPerSecond: bitsPerSecond,
    rttMs,
  }
}

export function withServerTime(profile: LinkProfile, serverTimeMs: number): LinkProfile {
  return { ...profile, name: `${profile.name}, ${serverTimeMs} ms a part`, serverTimeMs }
}

export function withResets(profile: LinkProfile, resetEveryMs: number): LinkProfile {
  return { ...profile, name: `${profile.name}, a reset every ~${resetEveryMs / 1000} s`, resetEveryMs }
}
