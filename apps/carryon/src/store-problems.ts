import { cosLocation } from '@carryon/object-store'
import { isLoopback } from '@carryon/server'

type Environment = Readonly<Record<string, string | undefined>>

/** Missing and conflicting variables of the store, one line each. */
export function storeProblems(given: Environment): string[] {
  return [...ofKind(given), ...browserEndpointProblems(given), ...bucketsProblems(given)]
}

function ofKind(given: Environment): string[] {
  switch (given['STORE']) {
    case 'cos':
      return [...missing(given, ['COS_BUCKET', 'COS_REGION']), ...cosKeyProblems(given)]
    case 's3':
      return [
        ...missing(given, ['S3_BUCKET']),
        ...togetherProblem(
          given,
          'S3_ACCESS_KEY_ID',
          'S3_SECRET_ACCESS_KEY',
          ', which takes what Amazon\u2019s SDK finds on this machine',
        ),
        // Only Amazon needs a region: other stores have a single one, by convention named as the default.
        ...(given['S3_ENDPOINT'] === undefined ? missing(given, ['S3_REGION']) : []),
        ...stsPrefixProblem(
          given,
          "STS_ALLOW_PREFIX is for apps on Tencent's SDK: leave it out with STORE=s3",
        ),
      ]
    default:
      return togetherProblem(given, 'COS_SECRET_ID', 'COS_SECRET_KEY', '')
  }
}

function cosKeyProblems(given: Environment): string[] {
  const hasKey = given['COS_SECRET_ID'] !== undefined || given['COS_SECRET_KEY'] !== undefined
  if (given['COS_CVM_ROLE'] === undefined) {
    return [
      ...(hasKey
        ? missing(given, ['COS_SECRET_ID', 'COS_SECRET_KEY'])
        : [
            'COS_SECRET_ID and COS_SECRET_KEY are needed with STORE=cos, or COS_CVM_ROLE=auto for the role of this machine',
          ]),
      ...(given['COS_METADATA_URL'] === undefined ? [] : ['COS_METADATA_URL goes with COS_CVM_ROLE']),
    ]
  }
  return [
    ...(hasKey ? ['COS_CVM_ROLE and COS_SECRET_ID are two ways to the bucket: set one of them'] : []),
    // 1312/48195: GetFederationToken accepts only permanent keys.
    ...stsPrefixProblem(
      given,
      'STS_ALLOW_PREFIX needs a permanent key: STS issues nothing to the role of a machine',
    ),
  ]
}

/** Browsers block requests from an https page to http. The embedded store has a variable of its own for this address. */
function browserEndpointProblems(given: Environment): string[] {
  const kind = given['STORE'] ?? 'local'
  return (['cos', 's3'] as const).flatMap((each) => {
    const name = `${each.toUpperCase()}_BROWSER_ENDPOINT`
    const text = given[name]
    if (text === undefined) return []
    if (kind !== each) {
      return [
        `${name} is of STORE=${each}${kind === 'local' ? ': of the embedded store LOCAL_STORE_PUBLIC_URL says it' : ''}`,
      ]
    }
    const page = given['PUBLIC_BASE_URL']
    const isMixed =
      page?.startsWith('https:') === true &&
      text.startsWith('http:') &&
      URL.canParse(text) &&
      !isLoopback(new URL(text).hostname)
    return isMixed ? [`${name} must be https: browsers send nothing from a page on https to http`] : []
  })
}

/** With several buckets an endpoint must not be the domain of one bucket. The embedded store has only one bucket. */
function bucketsProblems(given: Environment): string[] {
  const kind = given['STORE'] ?? 'local'
  return (['cos', 's3'] as const).flatMap((each) => {
    const prefix = each.toUpperCase()
    if (given[`${prefix}_BUCKETS`] === undefined) return []
    if (kind !== each) return [`${prefix}_BUCKETS is of STORE=${each}`]
    const bucket = given[`${prefix}_BUCKET`] ?? ''
    return ['ENDPOINT', 'BROWSER_ENDPOINT'].flatMap((name) => {
      const text = given[`${prefix}_${name}`] ?? ''
      if (!URL.canParse(text)) return []
      const isOfOne =
        each === 'cos'
          ? new URL(cosLocation({ bucket, region: '', endpoint: text }).baseUrl).href === new URL(text).href
          : new URL(text).hostname.startsWith(`${bucket}.`)
      return isOfOne
        ? [
            `${prefix}_${name} is the address of one bucket: with ${prefix}_BUCKETS it must be that of the store`,
          ]
        : []
    })
  })
}

function missing(given: Environment, names: readonly string[]): string[] {
  return names
    .filter((name) => given[name] === undefined)
    .map((name) => `${name} is needed with STORE=${given['STORE'] ?? ''}`)
}

function togetherProblem(given: Environment, first: string, second: string, without: string): string[] {
  return (given[first] === undefined) === (given[second] === undefined)
    ? []
    : [`${first} and ${second} go together: set both or neither${without}`]
}

function stsPrefixProblem(given: Environment, problem: string): string[] {
  return given['STS_ALLOW_PREFIX'] === undefined || given['STS_ALLOW_PREFIX'] === 'off' ? [] : [problem]
}
