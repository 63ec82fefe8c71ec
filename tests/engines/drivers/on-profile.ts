import { makeScratchFolder } from '../../browser/harness/scratch-folder.js'
import type { EngineBrowser, Tab } from './engine.js'

/** One run of a browser's program on a profile. */
export type BrowserRun = Pick<EngineBrowser, 'version' | 'tab' | 'newTab' | 'cookie' | 'kill' | 'quit'>

/** A browser that is run repeatedly on its own profile. */
export async function onProfile(
  purpose: string,
  start: (profile: string) => Promise<BrowserRun>,
): Promise<EngineBrowser> {
  const profile = await makeScratchFolder(purpose)
  let run: BrowserRun
  let running = true
  try {
    run = await start(profile.path)
  } catch (error) {
    await profile.remove()
    throw error
  }
  const end = async (way: 'kill' | 'quit'): Promise<void> => {
    if (!running) return
    running = false
    await run[way]()
  }
  return {
    get version() {
      return run.version
    },
    get tab() {
      return run.tab
    },
    newTab: () => run.newTab(),
    cookie: (url) => run.cookie(url),
    kill: () => end('kill'),
    quit: () => end('quit'),
    async relaunch(): Promise<Tab> {
      run = await start(profile.path)
      running = true
      return run.tab
    },
    async remove() {
      await end('kill')
      await profile.remove()
    },
  }
}
