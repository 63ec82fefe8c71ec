import type { Bar, Chart } from './section.js'

const width = 720
const labelWidth = 210
const valueWidth = 150
const rowHeight = 30
const top = 44

/** Renders a chart as SVG: a bar for the median, and a whisker from the lowest to the highest measurement. */
export function barChart({ title, unit, bars }: Chart): string {
  const height = top + bars.length * rowHeight + 12
  const most = Math.max(...bars.map(({ max }) => max))
  const scale = (value: number): number =>
    most === 0 ? 0 : (value / most) * (width - labelWidth - valueWidth)
  const rows = bars.map((bar, index) => row(bar, top + index * rowHeight, unit, scale))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escape(title)}" font-family="system-ui, sans-serif" font-size="13">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="12" y="24" font-size="15" font-weight="600" fill="#1f2328">${escape(title)}</text>`,
    ...rows,
    '</svg>',
    '',
  ].join('\n')
}

function row(
  { label, median, min, max }: Bar,
  y: number,
  unit: string,
  scale: (value: number) => number,
): string {
  const middle = y + rowHeight / 2
  const at = (value: number): string => (labelWidth + scale(value)).toFixed(1)
  const color = label.startsWith('Carryon')
    ? '#2f6feb'
    : label.startsWith('the limit')
      ? '#8c959f'
      : '#d0a215'
  return [
    `<text x="${labelWidth - 8}" y="${middle + 4}" text-anchor="end" fill="#1f2328">${escape(label)}</text>`,
    `<rect x="${labelWidth}" y="${y + 6}" width="${scale(median).toFixed(1)}" height="${rowHeight - 12}" rx="2" fill="${color}"/>`,
    `<path d="M${at(min)} ${middle}H${at(max)}M${at(min)} ${middle - 4}v8M${at(max)} ${middle - 4}v8" stroke="#1f2328" stroke-opacity=".6" fill="none"/>`,
    `<text x="${(labelWidth + scale(max) + 8).toFixed(1)}" y="${middle + 4}" fill="#1f2328">${figure(median)} ${escape(unit)}</text>`,
  ].join('\n')
}

/** Formats a number with three significant digits, but keeps all integer digits and at most three decimals. */
export function figure(value: number): string {
  if (value === 0) return '0'
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))))
  return value.toFixed(Math.min(digits, 3))
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
}
