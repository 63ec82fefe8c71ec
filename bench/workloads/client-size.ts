import { sizeOf } from '../budget/client-size.js'
import { figure } from '../report/bar-chart.js'
import type { Workload } from './workload.js'

const clients = [
  { label: 'Carryon, with worker and hashing', name: '@carryon/client' },
  { label: 'cos-js-sdk-v5', name: 'cos-js-sdk-v5' },
]

/** What a page must load before it can upload. */
export const clientSize: Workload = {
  name: 'client-size',
  title: 'Size of the client',
  inShort: true,
  description: () =>
    'All of the package, bundled and minified by esbuild, then gzip -9: every script that a page loads before its first byte can go out, workers and hashing among them.',
  async measure() {
    const sizes = await Promise.all(
      clients.map(async ({ label, name }) => ({ label, ...(await sizeOf(name)) })),
    )
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
