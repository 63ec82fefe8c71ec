/** An address of the worker's script, or what makes the worker. */
export type WorkerSource = string | URL | (() => Worker)

/** A module, for it shares code with the page; the name is for whoever looks at the browser's list. */
const options = { type: 'module', name: 'carryon' } as const

/** Made once: a page may make each policy once only. */
let policy: TrustedPolicy | null | undefined

/**
 * Starts the worker's script. Where a browser does not let the page start it from where it is, it starts from a Blob that
 * imports it: scripts on another origin (a CDN), frames of no origin (`sandbox`); and where the page has to trust the
 * address first (Trusted Types) it does.
 *
 * @throws what the browser throws when there is no way
 */
export function startWorker(source: WorkerSource | undefined): Worker {
  if (typeof source === 'function') return source()
  if (source === undefined && !isElsewhere(import.meta.url)) {
    try {
      return bundled()
    } catch {
      // Refused by Trusted Types or for the frame's origin: the ways below.
    }
  }
  const url = new URL(source ?? bundledUrl(), location.href).href
  if (!isElsewhere(url)) {
    try {
      return new Worker(trusted(url), options)
    } catch {
      // As above.
    }
  }
  // Not revoked: the browser fetches it when it likes.
  const script = new Blob([`import ${JSON.stringify(url)}`], { type: 'text/javascript' })
  return new Worker(trusted(URL.createObjectURL(script)), options)
}

/** Bundlers look for exactly this form. From source, they find worker.ts under this name. */
function bundled(): Worker {
  return new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'carryon' })
}

/**
 * What bundlers have made of the script's address. They put it into the form above and nowhere else, so that is run with
 * something else in the place of `Worker`.
 */
function bundledUrl(): string {
  const real = globalThis.Worker
  let url = ''
  const catching = function (address: string | URL): void {
    url = String(address)
  }
  try {
    globalThis.Worker = catching as unknown as typeof Worker
    bundled()
  } finally {
    globalThis.Worker = real
  }
  return url
}

/** A frame without an origin of its own (`null`) is elsewhere from everywhere. */
function isElsewhere(url: string): boolean {
  return new URL(url).origin !== globalThis.origin
}

/** `createScriptURL` of the Trusted Types API. */
interface TrustedPolicy {
  createScriptURL(url: string): string
}

/**
 * The address as one that a page with `require-trusted-types-for 'script'` takes: it is the page's own script, or one that
 * the application named. The policy is called `carryon`, for pages that list theirs in `trusted-types`.
 */
function trusted(url: string): string {
  if (policy === undefined) policy = createPolicy()
  return policy?.createScriptURL(url) ?? url
}

function createPolicy(): TrustedPolicy | null {
  const types: unknown = Reflect.get(globalThis, 'trustedTypes')
  try {
    return (
      (
        types as { createPolicy(name: string, rules: TrustedPolicy): TrustedPolicy } | undefined
      )?.createPolicy('carryon', { createScriptURL: (address) => address }) ?? null
    )
  } catch {
    // The page does not list it: then the browser says no, and there is no worker.
    return null
  }
}
