import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ScenarioRun } from './testing/scenario-run.js'
import { scenario, without } from './testing/scenario.js'
import { QueueScenarioRun } from './testing/queue-scenario-run.js'
import { queueScenario } from './testing/queue-scenario.js'
import type { Step, Scenario } from './testing/scenario.js'
import { storedBefore } from './testing/stored-before.js'
import { localCopies } from './extensions/local-copies/index.js'
import { pickQueue } from './extensions/queue/index.js'
import { tabs } from './extensions/tabs/index.js'
import type { UploaderExtensions } from './uploader-extensions.js'
import { UploadError } from './upload-types.js'
import type { UploadErrorCode } from './upload-types.js'

/**
 * Random fault schedules over whole uploads. They are the same in each test run, so that the result does not depend on
 * chance. CARRYON_SCHEDULES sets how many run in total; CARRYON_SEED=random, as in `npm run schedules`, generates
 * others; CARRYON_SEED and CARRYON_PATH, which are printed with each failure, replay that one.
 */
const schedules = Number(process.env['CARRYON_SCHEDULES'] ?? 2000)
const seed = process.env['CARRYON_SEED'] ?? '20261122'
const path = process.env['CARRYON_PATH']
/** Milliseconds; a slow machine needs about 40 ms per schedule. */
const patience = 60_000 + schedules * 100

/** Runs `check` over a share of all schedules, and prints the command that replays a failed one. */
function inEvery<T>(
  schedule: fc.Arbitrary<T>,
  name: string,
  share: number,
  check: (schedule: T) => Promise<void>,
): void {
  const run = async (): Promise<void> => {
    const details = await fc.check(fc.asyncProperty(schedule, check), {
      numRuns: Math.ceil(schedules * share),
      ...(seed === 'random' ? {} : { seed: Number(seed) }),
      ...(path === undefined ? {} : { path }),
    })
    if (!details.failed) return
    const replay =
      `CARRYON_SEED=${details.seed} CARRYON_PATH=${details.counterexamplePath ?? '0'} ` +
      `npx vitest run --project unit packages/client/src/fault-schedules.test.ts -t '${name}'`
    const cause = details.errorInstance
    throw new Error(`${fc.defaultReportMessage(details) ?? ''}\n\nReplay it with\n${replay}`, { cause })
  }
  test(name, run, patience)
}

function inEverySchedule(name: string, share: number, check: (scenario: Scenario) => Promise<void>): void {
  inEvery(scenario, name, share, check)
}

/** The errors an upload may end with after all faults are over, each with the step that must have caused it. */
const reasons: Partial<Record<UploadErrorCode, RegExp>> = {
  'file-changed': /edit|truncate/,
  'file-unreadable': /remove/,
  'checksum-mismatch': /edit/,
  cancelled: /cancel/,
  // The store ended several grants in a row immediately: the client has to take that as the store's final answer.
  'store-denied': /end all permissions/,
}

function expectExplained(outcome: Error, scenarioRun: ScenarioRun, { faults }: Scenario): void {
  if (!(outcome instanceof UploadError)) throw outcome
  const wasAltered = outcome.code === 'checksum-mismatch' && faults.includes('altered')
  const reason = reasons[outcome.code] ?? /^nothing explains it$/
  expect(wasAltered || scenarioRun.did(reason), outcome.message).toBe(true)
}

/** Expects each object to be one state of the file, and each upload without an object to report the cause. */
function expectOneState(scenarioRun: ScenarioRun, schedule: Scenario): void {
  const { world, outcomes, states } = scenarioRun
  for (const outcome of outcomes) {
    if (outcome instanceof Error) expectExplained(outcome, scenarioRun, schedule)
  }
  for (const { key } of world.server.list({ state: 'done' }).uploads)
    expect(states.some((bytes) => world.holds(key, bytes))).toBe(true)
}

/**
 * The scenario in a browser that keeps the file, with a tab that is killed at least twice, first early in the transfer.
 */
function killed({ steps, ...schedule }: Scenario): Scenario {
  const kill: Step = { after: schedule.seed, kind: 'kill and resume', part: 1 }
  const middle = Math.ceil(steps.length / 2)
  return {
    ...schedule,
    keeps: schedule.keeps === 'nothing' ? 'copy' : schedule.keeps,
    isSmall: false,
    latency: 400,
    steps: [
      { ...kill, after: 700 + (schedule.seed % 500) },
      ...steps.slice(0, middle),
      kill,
      ...steps.slice(middle),
    ],
  }
}

/** A subset of the extensions that pages share; never all of them. */
function someExtensions(seed: number): UploaderExtensions {
  const chosen = seed % 7
  return {
    ...(chosen % 2 === 1 && { tabs }),
    ...((chosen >> 1) % 2 === 1 && { localCopies }),
    ...((chosen >> 2) % 2 === 1 && { pickQueue }),
  }
}

inEverySchedule(
  'whatever happens, the object is one state of the file, or the upload says why there is none',
  0.5,
  async (schedule) => {
    const scenarioRun = new ScenarioRun(schedule)
    const { current } = scenarioRun
    const last = await scenarioRun.play()
    expectOneState(scenarioRun, schedule)
    if (!(last instanceof Error)) {
      const { progress } = scenarioRun.current.snapshot
      expect(progress).toMatchObject({ loaded: progress.total, percent: 100 })
    }
    expect(current.snapshot.progress.loaded).toBeLessThanOrEqual(current.snapshot.progress.total)
  },
)

inEverySchedule(
  'whichever extensions are left out, the object is one state of the file, or the upload says why there is none',
  0.15,
  async (schedule) => {
    const scenarioRun = new ScenarioRun(schedule, 'copy', someExtensions(schedule.seed))
    await scenarioRun.play()
    expectOneState(scenarioRun, schedule)
  },
)

inEverySchedule(
  'no part that was acknowledged and verified is sent twice, unless the store loses it or the file changes',
  0.25,
  async (schedule) => {
    // The browser does not remember single uploads.
    const harmful =
      schedule.isSmall && schedule.keeps === 'nothing'
        ? /^(?:lose|edit|truncate|remove|second|cancel|kill)/
        : /^(?:lose|edit|truncate|remove|second|cancel)/
    const harmless = without(schedule.keeps === 'nothing' ? schedule : killed(schedule), harmful)
    const scenarioRun = new ScenarioRun({
      ...harmless,
      faults: harmless.faults.filter((strike) => strike !== 'altered'),
    })
    const outcome = await scenarioRun.play()
    expect(outcome).not.toBeInstanceOf(Error)
    expect(scenarioRun.sentAgain).toEqual([])
  },
)

inEverySchedule(
  'what goes on without a pick ends as one state of the file, or says why not, however often it is killed',
  0.25,
  async (schedule) => {
    const scenarioRun = new ScenarioRun(killed(schedule))
    await scenarioRun.play()
    expectOneState(scenarioRun, schedule)
  },
)

inEverySchedule(
  'a cancel at any moment leaves nothing behind, in the store, the upload records, the memory and what is kept',
  0.25,
  async (schedule) => {
    const alone = without(schedule, /cancel|second|pick again|go on|resume/)
    const scenarioRun = new ScenarioRun({
      ...alone,
      steps: [...alone.steps, { after: schedule.seed, kind: 'cancel', part: 1 }],
    })
    const { world } = scenarioRun
    await scenarioRun.play()
    // Longer than every grant, because until then a PUT that was under way may still arrive.
    await world.clock.pass(3_600_000)
    expect(['cancelled', 'done']).toContain(scenarioRun.current.snapshot.state)
    expect(world.server.list({ state: 'open' }).uploads).toEqual([])
    expect(world.store.uploads.size).toBe(0)
    expect(await world.memory.all()).toEqual([])
    expect(scenarioRun.user.copyStorage?.held.size ?? 0).toBe(0)
    expect(scenarioRun.user.copyStorage?.bytes ?? 0).toBe(0)
    const done = world.server.list({ state: 'done' }).uploads.map(({ key }) => key)
    expect([...world.store.objects.keys()]).toEqual(done)
  },
)

inEverySchedule(
  'a file that is stored already is never sent, whatever happens to those who ask',
  0.1,
  async (schedule) => {
    const scenarioRun = new ScenarioRun(without(schedule, /^(?:cancel|edit|truncate|remove)/), 'reuse')
    const stored = storedBefore(scenarioRun.world, scenarioRun.user.file.bytes)
    expect(await scenarioRun.play()).toMatchObject({ id: stored.id, url: stored.url })
    expect(scenarioRun.user.tabs.flatMap(({ transport }) => transport.sent)).toEqual([])
    expect(scenarioRun.world.server.rows.size).toBe(1)
    expect(scenarioRun.world.holds(stored.key, scenarioRun.user.file.bytes)).toBe(true)
  },
)

inEverySchedule(
  'whatever happens to a file that was stored before, what is answered is one state of it, and what is stored stays',
  0.2,
  async (schedule) => {
    const scenarioRun = new ScenarioRun(schedule, 'reuse')
    const { world } = scenarioRun
    const [first = new Uint8Array()] = scenarioRun.states
    const stored = storedBefore(world, first)
    await scenarioRun.play()
    expectOneState(scenarioRun, schedule)
    expect(world.holds(stored.key, first)).toBe(true)
    const { result } = scenarioRun.current.snapshot
    if (result !== undefined)
      expect(scenarioRun.states.some((bytes) => world.holds(result.key, bytes))).toBe(true)
  },
)

inEvery(
  queueScenario,
  'of files that were picked together each arrives once, or was cancelled, however often the page is left',
  0.03,
  async (schedule) => {
    const scenarioRun = new QueueScenarioRun(schedule)
    await scenarioRun.play()
    const wanted = scenarioRun.files.map(({ name }) => (scenarioRun.cancelled.has(name) ? 0 : 1))
    expect(scenarioRun.stored()).toEqual(wanted)
    expect([
      ...scenarioRun.picks.picks.keys(),
      ...scenarioRun.picks.marks.keys(),
      ...scenarioRun.picks.copies.keys(),
    ]).toEqual([])
    expect(scenarioRun.world.server.list({ state: 'open' }).uploads).toEqual([])
  },
)
