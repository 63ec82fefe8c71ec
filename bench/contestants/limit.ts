import { BarePuts } from './bare-puts.js'
import { enter } from './page.js'

/** The upper limit: no upload from a browser can be faster. */
enter(new BarePuts())
