import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { type Application, json, startApplication } from '../testing/application.js'
import { awsCredentials } from './aws-credentials.js'
import { cosRoleCredentials } from './cos-role-credentials.js'

describe('the role of a CVM', () => {
  /** An answer of the metadata service. */
  const answer = {
    TmpSecretId: 'AKIDrole',
    TmpSecretKey: 'key',
    ExpiredTime: 1_800_000_000,
    Expiration: '2027-01-15T08:00:00Z',
    Token: 'token',
    Code: 'Success',
  }
  const path = '/latest/meta-data/cam/security-credentials/'
  let metadata: Application & { paths: string[] }
  beforeEach(async () => {
    const paths: string[] = []
    metadata = Object.assign(
      await startApplication(({ url }, response) => {
        paths.push(url)
        if (url === path) response.end('uploader\n')
        else if (url === `${path}uploader`) json(response, 200, answer)
        else response.writeHead(404).end()
      }),
      { paths },
    )
  })
  afterEach(() => metadata.close())

  test('is found out, and its credentials with the time of their end', async () => {
    expect(await cosRoleCredentials({ endpoint: `${metadata.url}/` })()).toEqual({
      accessKeyId: 'AKIDrole',
      secretAccessKey: 'key',
      sessionToken: 'token',
      expiresAt: 1_800_000_000,
    })
    expect(metadata.paths).toEqual([path, `${path}uploader`])
  })

  test('may be named', async () => {
    await cosRoleCredentials({ endpoint: metadata.url, role: 'uploader' })()
    expect(metadata.paths).toEqual([`${path}uploader`])
    await expect(cosRoleCredentials({ endpoint: metadata.url, role: 'other/../x' })()).rejects.toThrow(
      /role other\/\.\.\/x could not be read: the metadata service answered 404/u,
    )
  })

  test.each<[string, Application['answer'], string]>([
    ['none is bound', (_, response) => response.writeHead(404).end(), 'answered 404'],
    ['it is empty', (_, response) => response.end(''), 'no role is bound'],
    ['it answers a page', (_, response) => response.end('<html>'), 'has no credentials for the role'],
    ['it failed', (_, response) => json(response, 200, { Code: 'Failed' }), 'has no credentials'],
    ['it hangs up', (_, response) => response.destroy(), 'cannot be reached'],
  ])('is not there when %s, and the error says what to do', async (_, answering, words) => {
    metadata.answer = answering
    const failing = cosRoleCredentials({ endpoint: metadata.url })()
    await expect(failing).rejects.toThrow(words)
    await expect(failing).rejects.toMatchObject({
      name: 'StsError',
      code: 'CredentialsUnavailable',
      retryable: true,
      message: expect.stringContaining('Bind a CAM role to this machine') as string,
    })
  })
})

describe("Amazon's chain of credentials", () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'carryon-aws-'))
    // Ignore the credentials and the metadata service of this machine.
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_PROFILE']) {
      vi.stubEnv(name, undefined)
    }
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'credentials'))
    vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'))
  })
  afterEach(async () => {
    vi.unstubAllEnvs()
    await rm(folder, { recursive: true })
  })

  test('has those of the environment', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAenv')
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret')
    vi.stubEnv('AWS_SESSION_TOKEN', 'token')
    expect(await awsCredentials({ region: 'us-east-1' })()).toEqual({
      accessKeyId: 'AKIAenv',
      secretAccessKey: 'secret',
      sessionToken: 'token',
    })
  })

  test('has those of a file', async () => {
    await writeFile(
      join(folder, 'credentials'),
      '[default]\naws_access_key_id=AKIAfile\naws_secret_access_key=secret\n',
    )
    expect(await awsCredentials({ region: 'us-east-1' })()).toMatchObject({ accessKeyId: 'AKIAfile' })
  })

  test('has those of a container, which end', async () => {
    const container = await startApplication((_, response) =>
      json(response, 200, {
        AccessKeyId: 'ASIAtask',
        SecretAccessKey: 'secret',
        Token: 'token',
        Expiration: '2099-01-01T00:00:00Z',
      }),
    )
    onTestFinished(() => container.close())
    vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', `${container.url}/credentials`)
    expect(await awsCredentials({ region: 'us-east-1' })()).toEqual({
      accessKeyId: 'ASIAtask',
      secretAccessKey: 'secret',
      sessionToken: 'token',
      expiresAt: Date.parse('2099-01-01T00:00:00Z') / 1_000,
    })
  })

  test('that finds none says so', async () => {
    await expect(awsCredentials({ region: 'us-east-1' })()).rejects.toMatchObject({
      name: 'StsError',
      code: 'CredentialsUnavailable',
      message: expect.stringContaining('no credentials were found on this machine') as string,
    })
  })
})
