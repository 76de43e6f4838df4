import { useEffect, useRef } from 'preact/hooks'
import { shownText } from '../captured-text.ts'
import { LanguageSwitch } from '../language-switch.tsx'
import { useWords } from '../words.tsx'
import { bytesText, countText } from './amounts.ts'
import type { ReportCapture } from './capture.ts'
import { ConnectionView } from './connection-view.tsx'
import { FindingCards } from './finding-cards.tsx'
import { KeyHelp } from './key-help.tsx'
import { LeftOutNotice } from './left-out.tsx'
import { Overview } from './overview.tsx'
import { NavigationProvider, useHashPlace } from './place.ts'
import './report.css'

/** A capture, to be looked at. */
export function Report({ capture }: { readonly capture: ReportCapture }) {
  const { report: words } = useWords()
  const { data } = capture
  const { files } = data
  const { connections } = capture
  const [only] = connections.size === 1 ? connections.keys() : []
  const navigation = useHashPlace(only)
  const search = useRef<HTMLInputElement>(null)
  const help = useRef<HTMLDialogElement>(null)
  const title = files.map(({ name }) => shownText(name)).join(', ')
  const ofNone = capture.findings.filter(({ connection }) => connection === undefined)
  const ofLeftOut = capture.findings.filter(
    ({ connection }) => connection !== undefined && !connections.has(connection),
  )

  useEffect(() => {
    document.title = `${title} – framewalk`
  }, [title])
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const isTyping = (event.target as Element).matches('input, textarea, select')
      if (isTyping || event.ctrlKey || event.altKey || event.metaKey) return
      if (event.key === '?') help.current?.showModal()
      else if (event.key === '/' && search.current !== null) search.current.focus()
      else return
      event.preventDefault()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])

  return (
    <NavigationProvider value={navigation}>
      <header class="page-head">
        <div>
          <h1>
            <bdi>{title}</bdi>
          </h1>
          <Facts capture={capture} />
        </div>
        <div class="page-tools screen-only">
          <button type="button" onClick={() => help.current?.showModal()}>
            {words.keys} <kbd>?</kbd>
          </button>
          <LanguageSwitch />
        </div>
      </header>
      <main>
        <LeftOutNotice data={data} />
        <Overview capture={capture} />
        {ofNone.length > 0 && (
          <section class="capture-findings" aria-labelledby="capture-findings-title">
            <h2 id="capture-findings-title">{words.captureFindings}</h2>
            <FindingCards capture={capture} findings={ofNone} isLinked={false} />
          </section>
        )}
        {ofLeftOut.length > 0 && (
          <section class="capture-findings" aria-labelledby="left-out-findings-title">
            <h2 id="left-out-findings-title">{words.findingsOfLeftOut}</h2>
            <FindingCards capture={capture} findings={ofLeftOut} isLinked={false} />
          </section>
        )}
        {connections.size > 0 && <ConnectionView capture={capture} search={search} />}
      </main>
      <KeyHelp dialog={help} />
    </NavigationProvider>
  )
}

/** The capture in one line. */
function Facts({ capture: { data } }: { readonly capture: ReportCapture }) {
  const { report: words } = useWords()
  const { summary, startSeconds } = data
  const date = new Date((startSeconds ?? Number.NaN) * 1000)
  const findings = Object.values(summary.findings).reduce((sum, count) => sum + count, 0)
  return (
    <p class="facts">
      {!Number.isNaN(date.getTime()) && (
        <time dateTime={date.toISOString()}>{date.toISOString().slice(0, 10)}, </time>
      )}
      {words.facts(
        countText(summary.packets),
        bytesText(summary.bytes),
        countText(summary.connections),
        countText(summary.frames),
        countText(summary.messages),
      )}{' '}
      {findings === 0 ? words.noFindings : <strong>⚠ {words.findingCount(findings)}</strong>}
    </p>
  )
}
