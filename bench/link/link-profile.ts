/** Properties of a network path. All connections share the path, as on one access line. */
export interface LinkProfile {
  /** Name in the report, such as `100 Mbit/s × 100 ms`. */
  readonly name: string
  /** Payload bits per second towards the server; `null`: as fast as loopback. */
  readonly upBitsPerSecond: number | null
  /** Payload bits per second towards the client; `null`: as fast as loopback. */
  readonly downBitsPerSecond: number | null
  /** Round trip in milliseconds, half of it each way. 0 or more. */
  readonly rttMs: number
  /** Bytes that may wait for the line in one direction. Default: one bandwidth-delay product plus 64 KiB. */
  readonly queueBytes?: number
  /** Milliseconds that the server takes to answer a PUT or POST. Default 0. */
  readonly serverTimeMs?: number
  /** Average milliseconds between two resets of an open connection. Default: no resets. */
  readonly resetEveryMs?: number
}

/** Converts Mbit/s to bits per second: `megabits(100)` is 100 Mbit/s. */
export function megabits(count: number): number {
  return count * 1e6
}

/** Unshaped loopback, without a relay. */
export const fastLink: LinkProfile = {
  name: 'loopback',
  upBitsPerSecond: null,
  downBitsPerSecond: null,
  rttMs: 0,
}

/** A link with the same rate in both directions. */
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
