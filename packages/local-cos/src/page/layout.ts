import { html, pageUrl, type Html } from './html.js'
import { styleElement } from './style.js'
import type { Language } from './words.js'

/** A complete page with the given content. */
export function layout(title: string, content: Html, { words }: Language): string {
  const page = html`<!doctype html>
    <html lang="${words.language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · local-cos</title>
        ${styleElement}
      </head>
      <body>
        <header>
          <strong>local-cos</strong>
          <a href="${pageUrl('')}">${words.overview}</a>
          <a href="${pageUrl('requests')}">${words.requests}</a>
          <a class="end" href="">${words.reload}</a>
        </header>
        <main>
          <h1>${title}</h1>
          ${content}
        </main>
      </body>
    </html>`
  return page.text
}

/** A table that scrolls horizontally if it is too wide. */
export function table(headings: readonly Html[], rows: readonly Html[]): Html {
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          ${headings}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`
}

/** A list of names and values. */
export function facts(rows: readonly (readonly [name: string, value: Html | string | number])[]): Html {
  return html`<div class="scroll">
    <table>
      <tbody>
        ${rows.map(
          ([name, value]) =>
            html`<tr>
              <th scope="row">${name}</th>
              <td>${value}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}

export function heading(text: string, className = ''): Html {
  return html`<th scope="col" class="${className}">${text}</th>`
}

/** Formats milliseconds since the epoch in the local time zone. */
export function time(at: number): Html {
  const date = new Date(at)
  const two = (value: number): string => String(value).padStart(2, '0')
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-')
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')
  return html`<time datetime="${date.toISOString()}">${day} ${clock}</time>`
}

const units = ['KiB', 'MiB', 'GiB', 'TiB'] as const

export function bytes(count: number): string {
  let unit = ''
  let value = count
  for (const larger of units) {
    if (value < 1024) break
    value /= 1024
    unit = larger
  }
  return unit === '' ? `${count} B` : `${value.toFixed(value < 10 ? 1 : 0)} ${unit}`
}
