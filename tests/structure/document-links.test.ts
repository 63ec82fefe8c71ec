import { expect, test } from 'vitest'
import { root } from '../../scripts/workspace.mjs'
import { anchorsOf, brokenLinks, findDocuments, linksOf } from './document-links.js'

test('every link between our documents leads somewhere, its anchor included', async () => {
  const documents = await findDocuments(root)
  expect(documents.length).toBeGreaterThan(0)
  expect(documents.flatMap((document) => brokenLinks(document, root))).toEqual([])
})

test('links are found in prose and tables, and not in code', () => {
  const text = [
    '[a](a.md) and ![b](b.svg), [c](https://example.com/c) | [d](d.md#e) |',
    '`[f](f.md)`',
    '```md',
    '[g](g.md)',
    '```',
    '[h]: h.md',
  ].join('\n')
  expect(linksOf(text)).toEqual(['a.md', 'b.svg', 'd.md#e', 'h.md'])
})

test('anchors are those of GitHub: repeated headings, code, links and other scripts', () => {
  const text = [
    '# `POST /api/uploads`: open',
    '## [A link](b.md), and more',
    '## Uploads 上传',
    '## Same',
    '```sh',
    '# no heading',
    '```',
    '## Same',
  ].join('\n')
  expect([...anchorsOf(text)]).toEqual([
    'post-apiuploads-open',
    'a-link-and-more',
    'uploads-上传',
    'same',
    'same-1',
  ])
})
