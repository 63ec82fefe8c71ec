/** Collects what a store logs: `startTestStore({ log: lines.add })`. */
export class LogLines {
  readonly #lines: object[] = []

  readonly add = (line: object): void => {
    this.#lines.push(line)
  }

  get messages(): readonly unknown[] {
    return this.#lines.map((line) => ('message' in line ? line.message : undefined))
  }
}
