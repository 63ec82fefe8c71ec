// `npm run schedules -- 20000`: runs whole uploads under 20 000 random fault schedules, instead of the 2000 of a test
// run.
import { spawnSync } from 'node:child_process'
import { root, toolPath } from './workspace.mjs'

const count = Number(process.argv[2] ?? 20_000)
if (!Number.isInteger(count) || count < 1) {
  console.error('Say how many: npm run schedules -- 20000')
  process.exit(2)
}
const file = 'packages/client/src/fault-schedules.test.ts'
const { status } = spawnSync(process.execPath, [toolPath('vitest'), 'run', '--project', 'unit', file], {
  cwd: root,
  stdio: 'inherit',
  env: {
    ...process.env,
    CARRYON_SCHEDULES: String(count),
    CARRYON_SEED: process.env.CARRYON_SEED ?? 'random',
  },
})
process.exitCode = status ?? 1
