import type { Check } from './check.js'
import { appendingChecks } from './checks/appending.js'
import { archiveChecks } from './checks/archives.js'
import { attributeChecks } from './checks/attributes.js'
import { completingChecks } from './checks/completing.js'
import { configurationChecks } from './checks/configurations.js'
import { copyingChecks } from './checks/copying.js'
import { keyChecks } from './checks/keys.js'
import { listingChecks } from './checks/listing.js'
import { multipartChecks } from './checks/multipart.js'
import { objectChecks } from './checks/objects.js'
import { readingChecks } from './checks/reading.js'
import { signatureChecks } from './checks/signature.js'

/** All checks, in the order they run. */
export const allChecks: readonly Check[] = [
  ...objectChecks,
  ...readingChecks,
  ...keyChecks,
  ...multipartChecks,
  ...completingChecks,
  ...listingChecks,
  ...copyingChecks,
  ...appendingChecks,
  ...attributeChecks,
  ...archiveChecks,
  ...configurationChecks,
  ...signatureChecks,
]
