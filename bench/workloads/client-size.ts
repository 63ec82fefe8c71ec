import { sizeOf } from '../budget/client-size.js'
import { figure } from '../report/bar-chart.js'
import type { Table } from '../report/section.js'
import type { Workload } from './workload.js'

/** What the client's code is for, by the names of its files; the first that matches counts. */
const purposes: readonly (readonly [purpose: string, files: RegExp])[] = [
  ['hashing and checking', /hash-wasm|digest|slice|sha256|beside-hash|crc|same-content|identity\.ts|receipt/],
  ['signing and the store’s answers', /packages\/object-store/],
  ['several tabs', /\/(tab|turn|identity-locks)/],
  ['the server’s API, batches, owner', /backend|server-calls|batched|owner/],
  ['parts found, files already there, finishing', /found|already|proof|adopt|duplicate|finish/],
  ['what is remembered and kept', /memory|database|kept|page-life/],
  ['sending: lanes, retries, outages, permission', /./],
]

/** What a page must load before it can upload. */
export const clientSize: Workload = {
  name: 'client-size',
  title: 'Size of the client',
  inShort: true,
  description: () =>
    'All of the package, bundled and minified by esbuild, then gzip -9: every script that a page loads before the first byte of a large file can go out, workers and hashing among them.',
  async measure() {
    const [own, peer] = await Promise.all([sizeOf('@carryon/client'), sizeOf('cos-js-sdk-v5')])
    const sizes = [
      { label: 'Carryon, with worker and hashing', ...own },
      {
        label:
          'and all that may be loaded later: MD5, another for browsers without vectors, what keeps files for a later page',
        ...own.all,
      },
      { label: 'cos-js-sdk-v5', ...peer },
    ]
    return {
      tables: [
        {
          columns: ['', 'KB, minified', 'KB, gzip'],
          rows: sizes.map(({ label, minified, gzip }) => [
            label,
            figure(minified / 1000),
            figure(gzip / 1000),
          ]),
        },
        partsOf(own.sources),
      ],
      chart: {
        title: 'Size of the client',
        unit: 'KB, gzip',
        bars: sizes.map(({ label, gzip }) => ({
          label,
          median: gzip / 1000,
          min: gzip / 1000,
          max: gzip / 1000,
        })),
      },
      notes: [],
      runs: [],
    }
  },
}

/** What the client's bytes are spent on. */
function partsOf(sources: ReadonlyMap<string, number>): Table {
  const bytes = new Map(purposes.map(([purpose]) => [purpose, 0]))
  for (const [path, size] of sources) {
    const [purpose = ''] = purposes.find(([, files]) => files.test(path)) ?? []
    bytes.set(purpose, (bytes.get(purpose) ?? 0) + size)
  }
  const all = [...bytes.values()].reduce((sum, size) => sum + size, 0)
  return {
    columns: ['Carryon: what for', 'KB, minified', 'share'],
    rows: [...bytes].map(([purpose, size]) => [
      purpose,
      figure(size / 1000),
      `${((100 * size) / all).toFixed(0)} %`,
    ]),
  }
}
