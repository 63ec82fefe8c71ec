import { objectNameOf } from './object-files.js'
import type { ObjectEntry } from './object-index.js'
import { isTwin, type ObjectVersions } from './object-versions.js'
import { versionIdOf } from './version-id.js'
import { compareUtf8 } from './utf8-order.js'

type Entries = readonly ObjectEntry[]

/** Listings of a bucket, rebuilt only if an entry has changed. */
export class VersionLists {
  readonly #source: Pick<ObjectVersions, 'index' | 'others'>
  #objects: { readonly of: Entries; readonly list: Entries } = { of: [], list: [] }
  #versions: { readonly latest: Entries; readonly others: Entries; readonly list: Entries } = {
    latest: [],
    others: [],
    list: [],
  }

  constructor(source: Pick<ObjectVersions, 'index' | 'others'>) {
    this.#source = source
  }

  /** Excludes delete markers. */
  async objects(): Promise<Entries> {
    const latest = await this.#source.index.entries()
    if (this.#objects.of !== latest) this.#objects = { of: latest, list: withoutMarkers(latest) }
    return this.#objects.list
  }

  /** For each key the latest version, then the earlier ones. */
  async versions(): Promise<Entries> {
    const others = await this.#source.others.list()
    const latest = await this.#source.index.entries()
    if (this.#versions.latest !== latest || this.#versions.others !== others) {
      this.#versions = { latest, others, list: merged(latest, others) }
    }
    return this.#versions.list
  }

  /** Keys with two files for the same version id. */
  async keysWithTwins(): Promise<readonly string[]> {
    await this.#source.index.entries()
    const others = await this.#source.others.list()
    return others
      .filter((other) => {
        const latest = this.#source.index.get(objectNameOf(other.key))
        return latest !== undefined && versionIdOf(latest) === versionIdOf(other)
      })
      .map(({ key }) => key)
  }
}

function withoutMarkers(entries: Entries): Entries {
  return entries.some((entry) => entry.deleteMarker)
    ? entries.filter((entry) => !entry.deleteMarker)
    : entries
}

function merged(latest: Entries, others: Entries): Entries {
  if (others.length === 0) return latest
  const list: ObjectEntry[] = []
  let next = 0
  for (const entry of latest) {
    for (; isBefore(others[next], entry); next++) list.push(others[next] as ObjectEntry)
    list.push(entry)
    for (; others[next]?.key === entry.key; next++) {
      const other = others[next] as ObjectEntry
      // The same version under two names, until the sweep removes one.
      if (!isTwin(other, entry)) list.push(other)
    }
  }
  return [...list, ...others.slice(next)]
}

/** Entries of a key without a latest version, which was damaged and set aside. */
function isBefore(other: ObjectEntry | undefined, entry: ObjectEntry): boolean {
  return other !== undefined && compareUtf8(other.key, entry.key) < 0
}
