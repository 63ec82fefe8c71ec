import { childrenOf, type XmlElement } from './xml.js'

/** Allowed content of a configuration element. */
export type Shape = TextShape | GroupShape

export interface TextShape {
  readonly kind: 'text'
  /** Description of the expected text, for error messages. */
  readonly expected: string
  readonly fits: (text: string) => boolean
}

export interface GroupShape {
  readonly kind: 'group'
  readonly fields: Readonly<Record<string, Field>>
}

/** Content of a child element and how often it may appear. */
export interface Field {
  readonly min: number
  readonly max: number
  readonly shape: Shape
}

/** Longer than any name, prefix or address in a configuration. */
const maxText = 1024

export function text(expected: string, fits: (text: string) => boolean): TextShape {
  return { kind: 'text', expected, fits: (value) => value.length <= maxText && fits(value) }
}

/** Text that must not be empty. */
export const someText = text('some text', (value) => value !== '')
export const anyText = text('text', () => true)

export function oneOf(...values: readonly string[]): TextShape {
  return text(`one of ${values.join(', ')}`, (value) => values.includes(value))
}

export const onOff = oneOf('Enabled', 'Disabled')

export function wholeNumber(min: number, max: number): TextShape {
  return text(`a number from ${min} to ${max}`, (value) => {
    return /^\d{1,9}$/.test(value) && Number(value) >= min && Number(value) <= max
  })
}

export function group(fields: Readonly<Record<string, Field>>): GroupShape {
  return { kind: 'group', fields }
}

export const one = (shape: Shape): Field => ({ min: 1, max: 1, shape })
export const maybe = (shape: Shape): Field => ({ min: 0, max: 1, shape })
export const some = (max: number, shape: Shape): Field => ({ min: 1, max, shape })
export const atMost = (max: number, shape: Shape): Field => ({ min: 0, max, shape })

/** Problem with an element, described by element names; `undefined` if it has the shape. */
export function shapeProblem(element: XmlElement, shape: Shape): string | undefined {
  if (shape.kind === 'text') {
    if (element.children.length === 0 && shape.fits(element.text)) return undefined
    return `${element.name} must be ${shape.expected}`
  }
  if (element.text !== '') return `${element.name} must not hold text`
  const unknown = element.children.find(({ name }) => !Object.hasOwn(shape.fields, name))
  if (unknown !== undefined) return `${element.name} may not have a ${unknown.name}`
  for (const [name, field] of Object.entries(shape.fields)) {
    const found = childrenOf(element, name)
    if (found.length < field.min) return `${element.name} needs a ${name}`
    if (found.length > field.max) {
      return `${element.name} has ${found.length} of ${name}, and at most ${field.max} are possible`
    }
    for (const child of found) {
      const problem = shapeProblem(child, field.shape)
      if (problem !== undefined) return problem
    }
  }
  return undefined
}
