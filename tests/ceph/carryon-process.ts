import pino from 'pino'
import { readConfig } from '../../apps/carryon/src/config.js'
import { serve } from '../../apps/carryon/src/serve.js'

/** `carryon serve` as its environment says, one of several; prints `ready` when it listens. */
await serve(readConfig(process.env), pino({ level: 'silent' }))
console.log('ready')
