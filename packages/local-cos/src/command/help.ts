import { defaultData, defaultPort } from './arguments.js'

/** What `--help` prints. */
export const help = {
  serve: `local-cos: a store that answers as Tencent Cloud COS does, on this machine

Usage: local-cos [options]
       local-cos conformance --bucket NAME-APPID --region REGION   (see: local-cos conformance --help)

Options
  --data DIR         where objects and the key are kept (default ${defaultData}; made when missing)
  --memory           keep nothing: the data are in memory or a temporary folder, and go when it stops
  --port PORT        default ${defaultPort}; 0 takes a free one
  --host HOST        address to listen on (default 127.0.0.1: this machine only)
  --bucket NAME      bucket made at the start, NAME-APPID (default carryon-1250000000)
  --region REGION    default ap-guangzhou
  --max-bytes N      refuse more than N bytes in all with 507
  --no-page          do not show the page at /_local
  --faults           fault switch and admin calls, for tests
  --journal          keep every request, for the admin calls
  --quiet            print no line for each request
  --json             print JSON lines, for programs
  --version
  -h, --help

The account's key is COS_SECRET_ID and COS_SECRET_KEY of the environment; without them one is made, kept in
DIR/keys.json and printed. It ends at Ctrl-C or SIGTERM.

Exit codes: 0 stopped, 1 could not start, 2 wrong options.
`,
  conformance: `local-cos conformance: does an endpoint answer as the documents of COS say?

Usage: local-cos conformance --bucket NAME-APPID --region REGION [--endpoint URL] [--only TEXT] [--json]

Options
  --bucket NAME      a bucket that is there; without versioning
  --region REGION    its region, such as ap-guangzhou
  --endpoint URL     where to ask (default https://NAME-APPID.cos.REGION.myqcloud.com); a local-cos by its address,
                     such as http://127.0.0.1:3001
  --only TEXT        only checks whose name contains TEXT
  --json             print the report as JSON

The key is COS_SECRET_ID and COS_SECRET_KEY of the environment, with COS_SESSION_TOKEN when it is a temporary one. It
needs to read, write and delete objects below local-cos-conformance/, and to list the bucket.

All that it makes is below local-cos-conformance/<random>/ of the bucket, a few MiB in a few hundred requests, and is
removed at the end. It changes no setting of the bucket and touches no other object.

Exit codes: 0 as documented, 1 differences, 2 wrong options, 3 could not be run.
`,
} as const
