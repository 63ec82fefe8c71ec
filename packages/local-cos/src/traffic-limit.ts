import { CosError } from './errors.js'
import type { Fault } from './faults.js'

/** "819 200 to 838 860 800 bit/s" (436/40140): slows a client down at its own request, using faults. */
export function trafficLimit(text: string | string[] | undefined): readonly Fault[] {
  if (text === undefined) return []
  const bits = /^\d+$/.test(String(text)) ? Number(text) : NaN
  if (!(bits >= 819_200 && bits <= 838_860_800)) {
    throw new CosError('InvalidArgument', 'x-cos-traffic-limit is 819200 to 838860800 bit/s.')
  }
  return [{ kind: 'rate', bytesPerSecond: bits / 8 }]
}
