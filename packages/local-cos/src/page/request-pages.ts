import type { SignatureExplanation, SignedText } from '../explanation/signature-explanation.js'
import type { RecentRequest } from '../recent-requests.js'
import { html, pageUrl, type Html } from './html.js'
import { bytes, facts, heading, table, time } from './layout.js'
import { sideBySide, withoutTokens } from './side-by-side.js'
import type { Language } from './words.js'

/** List of recent requests. */
export function requestsPage(
  requests: readonly RecentRequest[],
  refusedOnly: boolean,
  language: Language,
): Html {
  const { words } = language
  return html`<p class="muted">${words.keptRequests}</p>
    <nav class="pages">
      <a href="${pageUrl('requests')}">${words.allRequests}</a>
      <a href="${pageUrl('requests', { refused: '1' })}">${words.refusedOnly}</a>
    </nav>
    ${
      requests.length === 0
        ? html`<p class="muted">${refusedOnly ? words.noRefused : words.noRequests}</p>`
        : table(
            [
              heading(words.time, 'wide'),
              heading(words.status),
              heading(words.operation, 'name'),
              heading(words.resource),
              heading(words.error, 'wide'),
            ],
            requests.map(
              (request) =>
                html`<tr>
                  <td class="short wide">${time(request.at)}</td>
                  <td>${badge(request)}</td>
                  <td>
                    <a href="${pageUrl('request', { id: request.requestId })}"
                      >${breakable(request.operation)}</a
                    ><span class="narrow bad-text">${breakable(request.error ?? '')}</span>
                  </td>
                  <td>${resourceOf(request)}</td>
                  <td class="wide bad-text">${request.error ?? ''}</td>
                </tr>`,
            ),
          )
    }`
}

/** Allows line breaks between the words of a name, for narrow columns. */
function breakable(name: string): Html {
  return html`${name.split(/(?=[A-Z])/).map((word) => html`${word}<wbr />`)}`
}

function badge({ status, acknowledged }: RecentRequest): Html {
  return html`<span class="badge${acknowledged ? '' : ' bad'}">${status === 0 ? '—' : status}</span>`
}

function resourceOf({ bucket, key, partNumber }: RecentRequest): string {
  const what = [bucket, key].filter((name) => name !== '').join('/')
  return partNumber === undefined ? what : `${what} #${partNumber}`
}

/** One request, and why its signature was refused. */
export function requestPage(request: RecentRequest, pasted: string, language: Language): Html {
  const { words } = language
  const explanation = request.explain?.()
  return html`${facts([
    [words.status, html`${badge(request)} ${request.status === 0 ? words.noAnswer : ''}`],
    ...(request.error === undefined ? [] : [[words.error, request.error] as const]),
    ...(request.message === undefined ? [] : [[words.message, request.message] as const]),
    [words.requestLine, html`<code>${request.method} ${request.target}</code>`],
    [words.host, html`<code>${request.host}</code>`],
    [words.time, html`${time(request.at)} · ${words.duration} ${request.milliseconds} ms`],
    [words.received, bytes(request.received)],
    [words.sent, bytes(request.sent)],
    [words.client, request.userAgent],
    [words.requestId, html`<code>${request.requestId}</code>`],
  ])}
  ${explanation === undefined ? null : whyRefused(request, explanation, pasted, language)}`
}

function whyRefused(
  { requestId }: RecentRequest,
  { expected, signed, mistakes }: SignatureExplanation,
  pasted: string,
  language: Language,
): Html {
  const { words } = language
  const titles = [words.expected, words.signed] as const
  return html`<h2>${words.whyRefused}</h2>
    ${
      signed === null
        ? html`<p class="note">${words.unexplained}</p>
            ${comparison(expected, asSigned(expected, pasted), titles, language)}
            <form method="get" action="${pageUrl('request')}">
              <input type="hidden" name="id" value="${requestId}" />
              <p><label for="signed">${words.pasteHere}</label></p>
              <p>
                <textarea id="signed" name="signed" maxlength="8000" spellcheck="false">${pasted}</textarea>
              </p>
              <p><button>${words.compare}</button></p>
            </form>`
        : html`${mistakes.map((mistake) => html`<p class="note">${language.mistakes[mistake]}</p>`)}
          ${comparison(expected, signed, titles, language)}`
    }`
}

/** Assigns the pasted text to one of the two texts: a string to sign starts with its algorithm's name. */
function asSigned(expected: SignedText, pasted: string): SignedText | null {
  const text = pasted.replace(/\r\n/g, '\n')
  if (text.trim() === '') return null
  const isStringToSign = /^(?:sha1|AWS4-HMAC-SHA256)\n/.test(text)
  return isStringToSign ? { ...expected, stringToSign: text } : { ...expected, request: text }
}

function comparison(
  expected: SignedText,
  signed: SignedText | null,
  titles: readonly [string, string],
  { words }: Language,
): Html {
  const same = signed !== null && sameText(expected, signed)
  return html`${same ? html`<p class="note">${words.same}</p>` : null}
    <h2>${words.textOfRequest}</h2>
    ${sideBySide(titles, withoutTokens(expected.request), signed && withoutTokens(signed.request))}
    <h2>${words.stringToSign}</h2>
    ${sideBySide(titles, expected.stringToSign, signed?.stringToSign ?? null)}`
}

function sameText(a: SignedText, b: SignedText): boolean {
  return a.request.trimEnd() === b.request.trimEnd() && a.stringToSign.trimEnd() === b.stringToSign.trimEnd()
}
