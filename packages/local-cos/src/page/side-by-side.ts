import { html, type Html } from './html.js'

/** Two texts side by side, with differing lines marked on both sides. */
export function sideBySide(
  [leftTitle, rightTitle]: readonly [string, string],
  left: string,
  right: string | null,
): Html {
  const ours = linesOf(left)
  const theirs = right === null ? null : linesOf(right)
  return html`<div class="side">
    <div>
      <h3>${leftTitle}</h3>
      ${lines(ours, theirs)}
    </div>
    ${
      theirs === null
        ? null
        : html`<div>
            <h3>${rightTitle}</h3>
            ${lines(theirs, ours)}
          </div>`
    }
  </div>`
}

/** Splits pairs of parameters or headers into lines, so that a differing pair is easy to see. */
function linesOf(text: string): readonly string[] {
  return text
    .replace(/\n$/, '')
    .split('\n')
    .flatMap((line) => line.split(/(?<=&)/))
}

function lines(own: readonly string[], other: readonly string[] | null): Html {
  const count = Math.max(own.length, other?.length ?? 0)
  return html`<pre class="lines">
${Array.from({ length: count }, (_, index) => {
      const line = own[index]
      const differs = other !== null && line !== other[index]
      return html`<span${differs ? html` class="other"` : null}>${line ?? ''}</span>`
    })}</pre>`
}

/** Shortens session tokens, which S3 signs as a header, in the same way on both sides. */
export function withoutTokens(text: string): string {
  return text.replace(/^(x-amz-security-token:.{8}|X-Amz-Security-Token=.{8}).*$/gm, '$1…')
}
