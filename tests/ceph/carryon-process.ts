import pino from 'pino'
import { readConfig } from '../../apps/carryon/src/config.js'
import { serve } from '../../apps/carryon/src/serve.js'

/** `carryon serve` configured by its environment, one of several processes; prints `ready` when it listens. */
await serve(readConfig(process.env), pino({ level: 'silent' }))
console.log('ready')
