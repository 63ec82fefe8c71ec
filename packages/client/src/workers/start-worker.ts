/** URL of the worker's script, or a function that creates the worker. */
export type WorkerSource = string | URL | (() => Worker)

/** A module, because it shares code with the page; the name is shown in the browser's developer tools. */
const options = { type: 'module', name: 'carryon' } as const

/** Created once, because a page may create each policy only once. `undefined` until then. */
let policy: TrustedPolicy | null | undefined

/**
 * Starts the worker's script. If the browser does not allow that from the script's URL (a script on another origin such
 * as a CDN, or a frame without an origin, `sandbox`), the worker starts from a Blob that imports the script. If the
 * page requires Trusted Types, the URL is made a trusted one first.
 *
 * @throws the browser's error when no way works
 */
export function startWorker(source: WorkerSource | undefined): Worker {
  if (typeof source === 'function') return source()
  if (source === undefined && !isElsewhere(import.meta.url)) {
    try {
      return bundled()
    } catch {
      // Refused because of Trusted Types or the frame's origin: try the ways below.
    }
  }
  const url = new URL(source ?? bundledUrl(), location.href).href
  if (!isElsewhere(url)) {
    try {
      return new Worker(trusted(url), options)
    } catch {
      // Refused for the same reasons.
    }
  }
  // Not revoked, because the browser may fetch it later.
  const script = new Blob([`import ${JSON.stringify(url)}`], { type: 'text/javascript' })
  return new Worker(trusted(URL.createObjectURL(script)), options)
}

/** Bundlers recognize exactly this form. When they build from source, this name resolves to worker.ts. */
function bundled(): Worker {
  return new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'carryon' })
}

/**
 * The script's URL as bundlers have rewritten it. They rewrite only the form above, so this runs it with a function in
 * place of `Worker` that records the URL.
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

/** Whether `url` is of another origin; always true in a frame without an origin (`null`). */
function isElsewhere(url: string): boolean {
  return new URL(url).origin !== globalThis.origin
}

/** `createScriptURL` of the Trusted Types API. */
interface TrustedPolicy {
  createScriptURL(url: string): string
}

/**
 * The URL as a trusted one, for pages with `require-trusted-types-for 'script'`. That is safe, because it is the page's
 * own script or one that the application named. The policy is called `carryon`, for pages that list theirs in
 * `trusted-types`.
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
    // The page does not list the policy, so the browser will refuse the worker.
    return null
  }
}
