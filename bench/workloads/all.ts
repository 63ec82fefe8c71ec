import { batteryWorkloads } from './battery.js'
import { clientSize } from './client-size.js'
import { firstByte } from './first-byte.js'
import { keeping } from './keeping.js'
import { linkWorkloads } from './links.js'
import { manyFiles } from './many-files.js'
import { mediumFilesWorkloads } from './medium-files.js'
import { resume } from './resume.js'
import { s3Workloads } from './s3.js'
import { slowLineWorkloads } from './slow-lines.js'
import { smallFilesWorkloads } from './small-files.js'
import type { Workload } from './workload.js'

/** All workloads, in the order of the report. */
export const workloads: readonly Workload[] = [
  ...linkWorkloads,
  ...slowLineWorkloads,
  ...mediumFilesWorkloads,
  ...s3Workloads,
  ...smallFilesWorkloads,
  manyFiles,
  firstByte,
  resume,
  keeping,
  ...batteryWorkloads,
  clientSize,
]
