import type { Tabs } from '../../upload/other-tabs.js'
import { JoinedUpload } from './joined-upload.js'
import { TabBus } from './tab-bus.js'
import { broadcastChannel } from './tab-channel.js'
import type { TabChannel } from './tab-channel.js'
import type { TabsShared } from './joined-upload.js'

/** What {@link tabs} needs. */
export interface TabsParts extends Omit<TabsShared, 'bus'> {
  readonly options: { readonly channel?: TabChannel }
  /** Scope within which tabs share uploads: the server's address. */
  readonly scope: string
}

/** Lets tabs show and control each other's uploads of the same file, and learn how they ended. */
export function tabs({ options, scope, locks, clock }: TabsParts): Tabs {
  const bus = new TabBus(options.channel ?? broadcastChannel(scope))
  return {
    join: (upload) => new JoinedUpload({ locks, bus, clock }, upload),
    close: () => bus.close(),
  }
}
