import { BarePuts } from './bare-puts.js'
import { enter } from './page.js'

/** The limit: nothing that uploads from a browser can be faster. */
enter(new BarePuts())
