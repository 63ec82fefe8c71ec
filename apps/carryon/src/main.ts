#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { Command, InvalidArgumentError, Option } from 'commander'
import pino from 'pino'
import { bucketCommand } from './bucket-command.js'
import { conformanceCommand, type ConformanceOptions } from './conformance/conformance-command.js'
import { ConfigError, readConfig } from './config.js'
import { parseDuration } from './duration.js'
import { hooksCommand, type HooksCommandOptions } from './hooks-command.js'
import { readEnvFile } from './env-file.js'
import { filesCommand, type FilesCommandOptions } from './files-command.js'
import { plainLine, plainText } from './plain-text.js'
import { serve } from './serve.js'
import { StartError } from './start-error.js'
import { uploadCommand, type UploadCommandOptions } from './upload-command.js'
import { uploadsCommand } from './uploads-command.js'
import { verifyCommand, verifyExitCodes } from './verify-command.js'

/** Exit code for a wrong configuration; all other errors exit with 1. */
const configExitCode = 2

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as {
  version: string
}
const program = new Command('carryon')
  .description(
    'Large files from a browser straight into object storage, and they carry on after anything that stops them.',
  )
  .version(version)

program
  .command('serve')
  .description('run server, page and embedded store; configured by the environment or a .env file')
  .action(async () => {
    readEnvFile()
    const config = readConfig(process.env)
    const log = pino({ level: config.logLevel })
    const running = await serve(config, log)
    const stop = (signal: string) => {
      log.info({ signal }, 'stopping')
      running.close().then(
        () => process.exit(0),
        (error: unknown) => fail(error),
      )
    }
    process.once('SIGTERM', stop)
    process.once('SIGINT', stop)
    // After the signal handlers: whoever reads this line may signal at once, and the process must still stop cleanly.
    console.log(`carryon ready: ${running.url} (${running.summary})`)
  })

program
  .command('upload')
  .description('upload files through a running server, and resume what an earlier run did not finish')
  .argument('<file...>', 'paths; - is what is piped in')
  .option('--server <url>', 'address of the server', 'http://127.0.0.1:3000')
  .option('--header <line...>', 'sent to the server with each call, like "Authorization: Bearer …"', [])
  .option('--name <name>', 'under which the one file is stored, such as what is piped in')
  .option('--link', 'print links that work for everybody for a while, instead of those for you alone', false)
  .addOption(
    new Option('--link-expires <time>', 'how long such a link works, at most 7d')
      .argParser(parseDuration)
      .default(86_400, '24h'),
  )
  .addOption(
    new Option('--timeout <time>', 'give up after this time without an answer')
      .argParser(parseDuration)
      .default(600, '10m'),
  )
  .addOption(
    new Option('--on-duplicate <choice>', 'what becomes of a file that is stored already')
      .choices(['reuse', 'copy'])
      .default('reuse'),
  )
  .action(async (files: string[], options: Omit<UploadCommandOptions, 'stateFolder'>) => {
    const stop = new AbortController()
    process.once('SIGINT', () => stop.abort())
    process.once('SIGTERM', () => stop.abort())
    const stateFolder = join(process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local/state'), 'carryon')
    const terminal = { print: console.log, say: console.error }
    const stored = await uploadCommand(files, { ...options, stateFolder }, terminal, stop.signal)
    if (!stored) process.exitCode = 1
  })

program
  .command('verify')
  .description('compare a file with the receipt of a finished upload')
  .argument('<file>', 'path of the copy')
  .argument('<receipt>', 'path of the receipt, as the page copies it; - is what is piped in')
  .addHelpText(
    'after',
    '\nExit code: 0 the same, 1 different, 2 not compared (no such file, no receipt, nothing to compare by).',
  )
  .action(async (file: string, receipt: string) => {
    process.exitCode = verifyExitCodes[await verifyCommand(file, receipt, printPlain)]
  })

program
  .command('setup-bucket')
  .description(
    'set CORS and lifecycle on the bucket where they are missing, and name what else is wrong with it',
  )
  .option('--check', 'change nothing, only report', false)
  .option('--origin <origin...>', 'a page that uploads, beside ALLOWED_ORIGINS', [])
  .action(async ({ check, origin }: { check: boolean; origin: string[] }) => {
    readEnvFile()
    // Merged into the variable, so that the origins of the command line get the same validation.
    const allowed = [process.env['ALLOWED_ORIGINS'] ?? '', ...origin].filter((each) => each !== '').join(',')
    const config = readConfig({ ...process.env, ALLOWED_ORIGINS: allowed })
    const ready = await bucketCommand(config, check, printPlain)
    if (!ready) process.exitCode = 1
  })

program
  .command('uploads')
  .description('list unfinished uploads, and orphaned multipart uploads in the bucket')
  .option('--abort <id>', 'end one, and remove what the store holds of it')
  .option('--sweep', 'end expired uploads and remove orphaned multipart uploads now', false)
  .action(async (options: { abort?: string; sweep: boolean }) => {
    readEnvFile()
    if (!(await uploadsCommand(readConfig(process.env), options, printPlain))) process.exitCode = 1
  })

program
  .command('hooks')
  .description('list finished uploads of which the application at HOOK_URL has not heard yet')
  .option('--resend <id...>', 'tell it of these uploads now, heard of or not, under the same webhook-id')
  .option('--resend-all', 'tell it now of all that it has not heard of', false)
  .option('--forget <id...>', 'never tell it of these')
  .action(async (options: HooksCommandOptions) => {
    readEnvFile()
    if (!(await hooksCommand(readConfig(process.env), options, printPlain))) process.exitCode = 1
  })

program
  .command('conformance')
  .description(
    'say what of the HTTP API holds of a backend in any language; uploads small files and removes them',
  )
  .argument('<url>', 'base address of its API, such as http://localhost:8080/api')
  .option(
    '--header <line...>',
    'sent with each call, like "Authorization: Bearer …": says who the owner is',
    [],
  )
  .option('--other-header <line...>', 'the same of a second owner, who must not see what the first has', [])
  .option('--cookie <value>', 'sent as the header Cookie with each call')
  .option('--other-cookie <value>', 'the same of a second owner')
  .option(
    '--origin <origin>',
    "of a page that uploads, to ask the store's CORS rule; default: the backend's own",
  )
  .action(async (url: string, options: ConformanceOptions) => {
    if (!(await conformanceCommand(url, options, printPlain))) process.exitCode = 1
  })

program
  .command('files')
  .description('list finished files of all owners, newest first, and remove some of them')
  .option('--remove <id...>', 'remove these for good, with what the store holds of them', [])
  .option('--owner <owner>', "list one owner's alone")
  .option('--limit <count>', 'list at most so many', parseCount, 100)
  .action(async (options: FilesCommandOptions) => {
    readEnvFile()
    if (!(await filesCommand(readConfig(process.env), options, printPlain))) process.exitCode = 1
  })

/** @throws InvalidArgumentError */
function parseCount(text: string): number {
  if (/^[1-9]\d{0,8}$/u.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number from 1 on.')
}

/** Prints text as plain lines, because it may contain file names and text from a store. */
function printPlain(text: string): void {
  for (const line of text.split('\n')) console.log(plainLine(line))
}

/** Prints the error and exits; prints a stack only for a bug in this program. */
function fail(error: unknown): never {
  if (error instanceof ConfigError) {
    console.error(`carryon: ${error.message}`)
    process.exit(configExitCode)
  }
  if (error instanceof StartError) console.error(plainText(`carryon: ${error.message}`))
  else console.error(plainText(`carryon: ${inspect(error)}`))
  process.exit(1)
}

program.parseAsync().catch(fail)
