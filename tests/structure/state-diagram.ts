import type { stateAfter, transitions } from '../../packages/client/src/core/state.js'

interface Arrow {
  readonly from: string
  readonly event: string
  readonly to: string
}

/**
 * Draws the table of transitions as a Mermaid state diagram. Transitions shared by all states that can be paused are
 * drawn once, from the frame around those states.
 */
export function drawStates(table: typeof transitions, after: typeof stateAfter): string {
  const arrows = Object.entries(table).flatMap(([from, heard]) =>
    heard.map((event): Arrow => ({ from, event, to: after[event] })),
  )
  const underWay = Object.entries(table).flatMap(([state, heard]) => (heard.includes('pause') ? [state] : []))
  // Mermaid cannot draw an arrow from a frame into itself.
  const isCommon = ({ event, to }: Arrow): boolean =>
    !underWay.includes(to) &&
    underWay.every((from) =>
      arrows.some((arrow) => arrow.from === from && arrow.event === event && arrow.to === to),
    )
  const common = arrows.filter((arrow) => arrow.from === underWay[0] && isCommon(arrow))
  const own = arrows.filter((arrow) => !underWay.includes(arrow.from) || !isCommon(arrow))
  const [inside, outside] = [
    own.filter(({ from, to }) => underWay.includes(from) && underWay.includes(to)),
    own.filter(({ from, to }) => !underWay.includes(from) || !underWay.includes(to)),
  ]
  const ends = Object.entries(table).flatMap(([state, heard]) => (heard.length === 0 ? [state] : []))
  return [
    'stateDiagram-v2',
    '  state "under way" as underWay {',
    `    [*] --> ${underWay[0] ?? ''}`,
    ...inside.map(({ from, event, to }) => `    ${from} --> ${to}: ${event}`),
    '  }',
    ...common.map(({ event, to }) => `  underWay --> ${to}: ${event}`),
    ...outside.map(({ from, event, to }) => `  ${from} --> ${to}: ${event}`),
    ...ends.map((state) => `  ${state} --> [*]`),
  ].join('\n')
}
