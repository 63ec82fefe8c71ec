import { createHash } from 'node:crypto'
import { Html } from './html.js'

/** The page's only style sheet. */
const style = `
:root { color-scheme: light dark; --line: light-dark(#d8dce3, #363c47); --soft: light-dark(#f4f6f9, #20242b);
  --muted: light-dark(#5a6473, #a3adbb); --bad: light-dark(#b3261e, #ff9d94); --bad-soft: light-dark(#fdecea, #45201d);
  --good: light-dark(#1a6e3c, #7fd6a0); --good-soft: light-dark(#e4f5ea, #16351f); --accent: light-dark(#0b5cad, #8ec5ff); }
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; background: light-dark(#fff, #16181d); color: light-dark(#1b1f26, #e4e8ee); }
header { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; align-items: baseline; padding: .75rem 1.25rem; border-bottom: 1px solid var(--line); background: var(--soft); }
header strong { font-size: 1.05rem; } header a { padding: .25rem 0; } header .end { margin-left: auto; }
main { max-width: 76rem; margin: 0 auto; padding: 1rem 1.25rem 3rem; }
h1 { font-size: 1.35rem; margin: .5rem 0 .75rem; overflow-wrap: anywhere; } h2 { font-size: 1.05rem; margin: 1.75rem 0 .5rem; }
a { color: var(--accent); } a:focus-visible, button:focus-visible, textarea:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.muted { color: var(--muted); } p { max-width: 60rem; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .45rem .75rem; vertical-align: top; }
th { font-weight: 600; color: var(--muted); white-space: nowrap; background: var(--soft); } tr + tr > * , thead + tbody > tr:first-child > * { border-top: 1px solid var(--line); }
td { overflow-wrap: anywhere; } .number, .short { white-space: nowrap; overflow-wrap: normal; } .number { text-align: right; font-variant-numeric: tabular-nums; }
code, pre, textarea { font: 13px/1.5 ui-monospace, monospace; }
.badge { display: inline-block; min-width: 3rem; padding: 0 .5rem; border-radius: 6px; text-align: center; font-variant-numeric: tabular-nums; background: var(--good-soft); color: var(--good); }
.badge.bad { background: var(--bad-soft); color: var(--bad); } .bad-text { color: var(--bad); }
.note { padding: .6rem .9rem; border-radius: 8px; background: var(--bad-soft); max-width: none; }
.side { display: grid; grid-template-columns: 1fr 1fr; gap: .75rem; } .side > div { min-width: 0; }
.side h3 { font-size: .9rem; margin: .25rem 0; color: var(--muted); }
.lines { margin: 0; padding: .5rem 0; border: 1px solid var(--line); border-radius: 8px; background: var(--soft); }
.lines span { display: block; padding: 0 .75rem; white-space: pre-wrap; overflow-wrap: anywhere; min-height: 1.5em; }
.lines .other { background: var(--bad-soft); } .lines .other::before { content: "\\2260  "; color: var(--bad); }
textarea { width: 100%; min-height: 8rem; padding: .5rem .75rem; border: 1px solid var(--line); border-radius: 8px; background: var(--soft); color: inherit; }
button { font: inherit; padding: .45rem 1rem; border-radius: 8px; border: 1px solid var(--accent); background: var(--accent); color: light-dark(#fff, #10151c); cursor: pointer; }
nav.pages { display: flex; gap: 1.25rem; margin: .75rem 0; }
.narrow { display: none; } .name { min-width: 7rem; } th[scope=row] { width: 1%; }
@media (max-width: 44rem) { .wide { display: none; } .narrow { display: block; } .side { grid-template-columns: 1fr; } main, header { padding-left: .9rem; padding-right: .9rem; } th, td { padding: .4rem .5rem; } }
`

/** The whole element, because white space inside it would change the hash. */
export const styleElement = new Html(`<style>${style}</style>`)

/** Style source for the Content-Security-Policy. */
export const styleSource = `'sha256-${createHash('sha256').update(style).digest('base64')}'`
