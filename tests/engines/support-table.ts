import type { Engine, EngineName } from './drivers/engine.js'
import type { Scenario } from './scenarios/scenario.js'

/** Outcome of a scenario in one engine. */
export interface Result {
  readonly engine: EngineName
  readonly scenario: string
  readonly outcome: string
}

/** Draws a Markdown table with a row for each scenario that has an event and a column for each engine. */
export function drawSupport(
  engines: readonly Pick<Engine, 'name' | 'label'>[],
  scenarios: readonly Scenario[],
  results: readonly Result[],
): string {
  const outcomeOf = (engine: EngineName, scenario: string): string =>
    results.find((result) => result.engine === engine && result.scenario === scenario)?.outcome ?? ''
  const rows = [
    ['', ...engines.map(({ label }) => label)],
    ['---', ...engines.map(() => '---')],
    ...scenarios.flatMap(({ name, event }) =>
      event === undefined ? [] : [[event, ...engines.map((engine) => outcomeOf(engine.name, name))]],
    ),
  ]
  return rows.map((cells) => `| ${cells.join(' | ')} |\n`).join('')
}
