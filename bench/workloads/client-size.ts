import { sizeOfClient, sizeOfPage } from '../budget/client-size.js'
import type { ClientSize } from '../budget/client-size.js'
import { figure } from '../report/bar-chart.js'
import type { Table } from '../report/section.js'
import type { Workload } from './workload.js'

const rest = 'sending: concurrency, retries, circuit breaker, access grant'

/** Purposes of the client's code, by file name; the first match counts. */
const purposes: readonly (readonly [purpose: string, files: RegExp])[] = [
  [
    'hashing and checking',
    /packages\/hash|hash-wasm|digest|slice|sha256|beside-hash|crc|compare-object|fingerprint\.ts|uploaded-part/,
  ],
  ['signing and the store’s answers', /packages\/object-store/],
  ['several tabs', /client\/src\/tabs/],
  ['the server’s API, batches, owner', /client\/src\/backend|server-calls/],
  ['parts found, files already there, finishing', /found|proof|adopt|duplicate|finish/],
  ['what is remembered and kept', /memory|database|local-copies|page-life/],
  [rest, /./],
]

/** Purposes that are not needed to send one new file from a single tab that stays open. */
const beside: readonly string[] = [
  'several tabs',
  'parts found, files already there, finishing',
  'what is remembered and kept',
]

/** What a page has to import to upload with a peer, according to the peer's documentation. */
const peers: readonly (readonly [label: string, page: string])[] = [
  ['cos-js-sdk-v5', "import COS from 'cos-js-sdk-v5'; console.log(COS)"],
  [
    '@aws-sdk/lib-storage',
    "import { S3Client } from '@aws-sdk/client-s3'; import { Upload } from '@aws-sdk/lib-storage'; console.log(S3Client, Upload)",
  ],
  [
    'Uppy aws-s3',
    "import Uppy from '@uppy/core'; import AwsS3 from '@uppy/aws-s3'; console.log(Uppy, AwsS3)",
  ],
  ['tus-js-client', "import { Upload } from 'tus-js-client'; console.log(Upload)"],
]

/** Measures what a page must load before it can upload. */
export const clientSize: Workload = {
  name: 'client-size',
  title: 'Size of the client',
  inShort: true,
  description: () =>
    'All of the package, bundled and minified by esbuild, then gzip -9: every script that a page loads before the first byte of a large file can go out, workers and hashing among them.',
  async measure() {
    const own = await sizeOfClient()
    const sizes = [
      { label: 'Carryon, with worker and hashing', ...own },
      {
        label:
          'and all that may be loaded later: MD5, another for browsers without vectors, what keeps files for a later page',
        ...own.all,
      },
      {
        label: 'without several tabs, going on, looking for what is there, and remembering',
        ...(await sizeOfClient(filesFor(beside))),
      },
    ]
    for (const [label, page] of peers) sizes.push({ label, ...(await sizeOfPage(page)) })
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
        await partsOf(own),
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

/** The client's size, broken down by purpose. */
async function partsOf({ gzip, sources }: ClientSize): Promise<Table> {
  const bytes = new Map(purposes.map(([purpose]) => [purpose, 0]))
  for (const [path, size] of sources) {
    const [purpose = ''] = purposes.find(([, files]) => files.test(path)) ?? []
    bytes.set(purpose, (bytes.get(purpose) ?? 0) + size)
  }
  const all = [...bytes.values()].reduce((sum, size) => sum + size, 0)
  const rows = [...bytes].map(async ([purpose, size]) => {
    // Without `rest` the client is no working program, so that size is not measured.
    const without = purpose === rest ? null : await sizeOfClient(filesFor([purpose]))
    return [
      purpose,
      figure(size / 1000),
      `${((100 * size) / all).toFixed(0)} %`,
      without === null ? '' : figure((gzip - without.gzip) / 1000),
    ]
  })
  return {
    columns: ['Carryon: what for', 'KB, minified', 'share', 'KB, gzip, less without it'],
    rows: await Promise.all(rows),
  }
}

function filesFor(names: readonly string[]): RegExp {
  const files = purposes.filter(([purpose]) => names.includes(purpose))
  return new RegExp(files.map(([, { source }]) => source).join('|'))
}
