import { describe, expect, it } from 'vitest'
import { ConfigError, readConfig } from './config.js'

describe('readConfig', () => {
  it('runs on nothing at all', () => {
    const config = readConfig({})
    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      uploadKeyPrefix: 'uploads/',
      stsAllowPrefix: 'own',
    })
    expect(config.store).toMatchObject({
      kind: 'local',
      port: 3001,
      bucket: 'carryon-1250000000',
      region: 'ap-guangzhou',
    })
  })

  it('takes an empty variable for one that is not set', () => {
    expect(readConfig({ PORT: '', STORE: '' }).port).toBe(3000)
  })

  it('takes an empty key prefix for none', () => {
    expect(readConfig({ UPLOAD_KEY_PREFIX: '' }).uploadKeyPrefix).toBe('')
    expect(readConfig({}).uploadKeyPrefix).toBe('uploads/')
  })

  it('takes origins of apps in a shell', () => {
    const origins = [
      'capacitor://localhost',
      'tauri://localhost',
      'https://app.example.com',
      'http://[::1]:8080',
    ]
    expect(readConfig({ ALLOWED_ORIGINS: origins.join(', ') }).allowedOrigins).toEqual(origins)
  })

  it('reads where people reach the server and the embedded store', () => {
    const config = readConfig({
      PUBLIC_BASE_URL: 'https://example.com/files/',
      LOCAL_STORE_PUBLIC_URL: 'https://store.example.com/',
    })
    expect(config.publicBaseUrl).toBe('https://example.com/files')
    expect(config.store).toMatchObject({ publicUrl: 'https://store.example.com' })
  })

  it('takes a password whose characters are encoded', () => {
    const databaseUrl = 'postgres://user:pa%23s%2Fs%40@db.example.com:5432/carryon?sslmode=require'
    expect(readConfig({ DATABASE_URL: databaseUrl }).databaseUrl).toBe(databaseUrl)
  })

  it('reads a real bucket, where GET /sts is off unless it is asked for', () => {
    const env = {
      STORE: 'cos',
      COS_SECRET_ID: 'id',
      COS_SECRET_KEY: 'key',
      COS_BUCKET: 'videos-1250000000',
      COS_REGION: 'ap-beijing',
    }
    expect(readConfig(env).store).toMatchObject({ kind: 'cos', bucket: 'videos-1250000000' })
    expect(readConfig(env).stsAllowPrefix).toBe('off')
    expect(readConfig({ ...env, STS_ALLOW_PREFIX: 'public/' }).stsAllowPrefix).toBe('public/')
  })

  it('reads an S3-compatible bucket, with and without a role', () => {
    const env = {
      STORE: 's3',
      S3_ENDPOINT: 'http://127.0.0.1:7480',
      S3_BUCKET: 'films',
      S3_ACCESS_KEY_ID: 'id',
      S3_SECRET_ACCESS_KEY: 'key',
      S3_FORCE_PATH_STYLE: '1',
    }
    expect(readConfig(env).store).toEqual({
      kind: 's3',
      endpoint: 'http://127.0.0.1:7480',
      region: 'us-east-1',
      bucket: 'films',
      credentials: { accessKeyId: 'id', secretAccessKey: 'key' },
      browserEndpoint: undefined,
      buckets: {},
      forcePathStyle: true,
      roleArn: undefined,
    })
    expect(readConfig(env).stsAllowPrefix).toBe('off')
    const roleArn = 'arn:aws:iam:::role/uploader'
    expect(readConfig({ ...env, S3_ROLE_ARN: roleArn }).store).toMatchObject({ roleArn })
    const problems = problemsOf({
      STORE: 's3',
      S3_BUCKET: 'A',
      S3_ROLE_ARN: 'uploader',
      STS_ALLOW_PREFIX: '*',
    })
    for (const name of ['S3_BUCKET', 'S3_ROLE_ARN', 'S3_REGION', 'STS_ALLOW_PREFIX']) {
      expect(problems.join('\n')).toContain(name)
    }
  })

  it('takes credentials that the machine has, where it is told so', () => {
    const s3 = { STORE: 's3', S3_BUCKET: 'films', S3_REGION: 'us-east-1' }
    expect(readConfig(s3).store).toMatchObject({ kind: 's3', credentials: undefined })
    const cos = { STORE: 'cos', COS_BUCKET: 'videos-1250000000', COS_REGION: 'ap-beijing' }
    expect(readConfig({ ...cos, COS_CVM_ROLE: 'auto' }).store).toMatchObject({
      credentials: { role: undefined, metadataUrl: undefined },
    })
    expect(readConfig({ ...cos, COS_CVM_ROLE: 'uploader' }).store).toMatchObject({
      credentials: { role: 'uploader' },
    })
    const key = { COS_SECRET_ID: 'id', COS_SECRET_KEY: 'key' }
    expect(problemsOf(cos).join('\n')).toContain('or COS_CVM_ROLE=auto for the role of this machine')
    expect(problemsOf({ ...cos, ...key, COS_CVM_ROLE: 'auto' }).join('\n')).toContain('set one of them')
    expect(problemsOf({ ...cos, COS_CVM_ROLE: 'auto', STS_ALLOW_PREFIX: 'own' }).join('\n')).toContain(
      'permanent key',
    )
    expect(problemsOf({ ...cos, ...key, COS_METADATA_URL: 'http://x' }).join('\n')).toContain(
      'goes with COS_CVM_ROLE',
    )
    expect(problemsOf({ ...s3, S3_ACCESS_KEY_ID: 'id' }).join('\n')).toContain('set both or neither')
  })

  it('takes another address for browsers, of the store that is configured', () => {
    const browserEndpoint = 'https://s3-accelerate.amazonaws.com'
    const s3 = { STORE: 's3', S3_BUCKET: 'films', S3_REGION: 'us-east-1' }
    expect(readConfig({ ...s3, S3_BROWSER_ENDPOINT: browserEndpoint }).store).toMatchObject({
      browserEndpoint,
    })
    expect(problemsOf({ ...s3, COS_BROWSER_ENDPOINT: browserEndpoint }).join('\n')).toContain(
      'is of STORE=cos',
    )
    expect(problemsOf({ S3_BROWSER_ENDPOINT: browserEndpoint }).join('\n')).toContain(
      'LOCAL_STORE_PUBLIC_URL',
    )
    const page = { PUBLIC_BASE_URL: 'https://app.example.com' }
    expect(problemsOf({ ...s3, ...page, S3_BROWSER_ENDPOINT: 'http://minio:9000' }).join('\n')).toContain(
      'must be https',
    )
  })

  it('takes further buckets by name, of the store that is configured', () => {
    const cos = {
      STORE: 'cos',
      COS_SECRET_ID: 'id',
      COS_SECRET_KEY: 'key',
      COS_BUCKET: 'videos-1250000000',
      COS_REGION: 'ap-beijing',
    }
    const COS_BUCKETS = 'archive=archive-1250000000, media=media-1250000000'
    expect(readConfig({ ...cos, COS_BUCKETS }).store).toMatchObject({
      buckets: { archive: 'archive-1250000000', media: 'media-1250000000' },
    })
    expect(readConfig(cos).store).toMatchObject({ buckets: {} })
    const problem = (more: Record<string, string>) => problemsOf({ ...cos, ...more }).join('\n')
    expect(problem({ COS_BUCKETS: 'archive-1250000000' })).toContain('must be names and buckets')
    expect(problem({ COS_BUCKETS, COS_ENDPOINT: 'https://upload.example.com' })).toContain(
      'address of one bucket',
    )
    expect(problem({ S3_BUCKETS: 'archive=films' })).toContain('is of STORE=s3')
    expect(readConfig({ ...cos, COS_BUCKETS, COS_ENDPOINT: 'http://10.0.0.5:3001' }).store).toMatchObject({
      kind: 'cos',
    })
  })

  it('trusts a proxy only when it is told to', () => {
    expect(readConfig({}).trustProxy).toBe(false)
    expect(readConfig({ TRUST_PROXY: '1' }).trustProxy).toBe(true)
  })

  it('knows hosts as browsers name them', () => {
    const hosts = 'App.example.com:443, 192.0.2.7:80, one.example.com:8443'
    expect(readConfig({ ALLOWED_HOSTS: hosts }).allowedHosts).toEqual([
      'app.example.com',
      '192.0.2.7',
      'one.example.com:8443',
    ])
  })

  it('names every problem at once', () => {
    const problems = problemsOf({
      PORT: '70000',
      STORE: 'cos',
      COS_BUCKET: 'videos',
      COS_SECRET_ID: 'id',
      UPLOAD_EXPIRE_DAYS: 'soon',
      RETENTION_DAYS: '0',
      SHARE_LINK_DAYS: '8',
      ALLOWED_ORIGINS: 'https://ok.example, https://app.example.com/path',
      DATABASE_URL: 'mysql://x',
    })
    const joined = problems.join('\n')
    for (const name of [
      'PORT',
      'COS_BUCKET',
      'UPLOAD_EXPIRE_DAYS',
      'RETENTION_DAYS',
      'SHARE_LINK_DAYS',
      'ALLOWED_ORIGINS',
      'DATABASE_URL',
      'COS_SECRET_KEY',
      'COS_REGION',
    ]) {
      expect(joined).toContain(name)
    }
    expect(joined).not.toContain('https://ok.example"')
  })

  it.each([
    [{ STORE: 'ftp' }, 'STORE must be local, cos or s3'],
    [{ COS_SECRET_ID: 'id' }, 'COS_SECRET_ID and COS_SECRET_KEY go together'],
    [{ UPLOAD_KEY_PREFIX: '../up' }, 'UPLOAD_KEY_PREFIX'],
    [{ ALLOWED_HOSTS: 'https://a.example.com' }, 'ALLOWED_HOSTS has "https://a.example.com"'],
    [{ ALLOWED_ORIGINS: '*' }, 'has a wildcard'],
    [{ ALLOWED_ORIGINS: 'https://*.example.com' }, 'has a wildcard'],
    [{ ALLOWED_ORIGINS: 'https://例子.cn' }, 'as browsers send it: https://xn--fsqu00a.cn'],
    [{ ALLOWED_ORIGINS: 'https://App.example.com/' }, 'as browsers send it: https://app.example.com'],
    [{ ALLOWED_ORIGINS: 'https://a.example.com/page' }, 'its origin is https://a.example.com'],
    [{ ALLOWED_ORIGINS: 'null' }, 'sandboxed'],
    [{ ALLOWED_ORIGINS: 'capacitor://localhost/' }, 'is not an origin'],
    [{ DATABASE_URL: 'postgres://u:pa#ss@db/c' }, 'write # as %23'],
    [{ DATABASE_URL: 'postgres://u:12#x@db/c' }, 'write # as %23'],
    [{ DATABASE_URL: 'postgres://u:1/2@db/c' }, 'write # as %23'],
    [{ PUBLIC_BASE_URL: 'files.example.com' }, 'PUBLIC_BASE_URL must be an http'],
    [{ PUBLIC_BASE_URL: 'https://a.example.com/?x' }, 'without ?'],
    [{ PUBLIC_BASE_URL: 'http://127.0.0.1/api' }, 'paths of the server itself'],
    [{ PUBLIC_BASE_URL: 'https://files.example.com' }, 'LOCAL_STORE_PUBLIC_URL is needed'],
    [
      { PUBLIC_BASE_URL: 'https://a.example.com/x', LOCAL_STORE_PUBLIC_URL: 'https://a.example.com' },
      'another origin',
    ],
    [
      { PUBLIC_BASE_URL: 'https://a.example.com', LOCAL_STORE_PUBLIC_URL: 'http://b.example.com' },
      'must be https',
    ],
    [{ LOCAL_STORE_PUBLIC_URL: 'https://b.example.com/store' }, 'without a path'],
    [
      { PUBLIC_BASE_URL: 'http://localhost:1/', PUBLIC_URL_BASE: 'http://localhost:1' },
      'PUBLIC_URL_BASE is the same',
    ],
    [{ UPLOAD_MAX_BYTES: '1.5' }, 'UPLOAD_MAX_BYTES must be a whole number'],
    [{ PUBLIC_URL_BASE: 'cdn.example.com' }, 'PUBLIC_URL_BASE must be an http'],
    [{ LOCAL_STORE_FAULTS: 'yes' }, 'LOCAL_STORE_FAULTS must be 0 or 1'],
  ])('refuses %j', (env, message) => {
    expect(problemsOf(env).join('\n')).toContain(message)
  })

  it('never repeats a secret in a message', () => {
    const env = { STORE: 'cos', COS_SECRET_ID: 'AKIDvery', COS_SECRET_KEY: 'secretvery', PORT: 'x' }
    expect(problemsOf(env).join('\n')).not.toMatch(/AKIDvery|secretvery/)
    expect(problemsOf({ DATABASE_URL: 'postgres://u:very#secret@db/c' }).join('\n')).not.toMatch(
      /very|secret/,
    )
  })
})

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  throw new Error('expected a ConfigError')
}
