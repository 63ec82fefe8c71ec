import type { LinkProfile } from '../link/link-profile.js'
import { narrowSockets } from '../link/narrow-sockets.js'
import { startRelay } from '../link/relay.js'
import type { Relay } from '../link/relay.js'
import { cpuMilliseconds, hostService } from './service-host.js'

let relay: Relay | null = null

function running(): Relay {
  if (relay === null) throw new Error('The relay has not been started.')
  return relay
}

const calls = {
  async start({ profile, targets }: { profile: LinkProfile; targets: readonly number[] }) {
    relay = await startRelay(profile, targets, { sockets: narrowSockets(process.argv[2]) })
    return relay.ports
  },
  traffic: () => running().traffic(),
  account: () => running().account(),
  /** Resets the requests and the account of bytes. */
  clearRequests: () => running().clearRequests(),
  requests: () => running().requests(),
  cpu: () => cpuMilliseconds(),
}

export type RelayCalls = typeof calls

hostService(calls, async () => relay?.close())
