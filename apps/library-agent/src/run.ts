import { Collection, type MediaType, PLURAL } from './collection.ts'
import { AgentError, EXIT, type ExitCode } from './errors.ts'
import type { Call } from './http.ts'
import type { Library, MediaServer } from './media-server.ts'
import { count, type Output } from './output.ts'
import { preview } from './preview.ts'
import { checkStellarr, sendLibrary } from './stellarr.ts'

/** What one run needs. */
export interface Run {
  servers: readonly MediaServer[]
  /** Undefined in a dry run. */
  stellarr: Call | undefined
  /** Names of libraries; undefined for all. */
  wanted: readonly string[] | undefined
  confirm: boolean
  output: Output
  /** Whether a text has not been told by an earlier run. */
  isNews(about: string, text: string): boolean
}

const TYPES: readonly MediaType[] = ['movie', 'tv']

interface Chosen {
  server: MediaServer
  libraries: Library[]
  /** A type that no chosen library can hold is not sent at all. */
  types: readonly MediaType[]
}

/** Reads every library and sends it, type by type; a failure of one does not stop the others. Answers the exit code. */
export async function runOnce(run: Run): Promise<ExitCode> {
  const codes: ExitCode[] = []
  const attempt = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof AgentError)) throw error
      run.output.note(error.message)
      codes.push(error.exit)
      return undefined
    }
  }

  const chosen = await choose(run, attempt)
  const { stellarr } = run
  const ready =
    chosen.length > 0 && (stellarr === undefined || (await attempt(() => checkStellarr(stellarr).then(() => true))))
  if (ready) {
    for (const { server, libraries, types } of chosen) {
      for (const type of types) await attempt(() => sync(run, server, libraries, type))
    }
  }
  return [EXIT.failed, EXIT.usage, EXIT.refused].find((code) => codes.includes(code)) ?? EXIT.done
}

/** The libraries to read, by server. */
async function choose(run: Run, attempt: <T>(work: () => Promise<T>) => Promise<T | undefined>): Promise<Chosen[]> {
  const listed: { server: MediaServer; libraries: Library[] }[] = []
  for (const server of run.servers) {
    const libraries = await attempt(() => server.libraries())
    if (libraries) listed.push({ server, libraries })
  }
  const { wanted } = run
  if (wanted === undefined) {
    return listed.map(({ server, libraries }) => ({
      server,
      libraries: libraries.filter((library) => library.byDefault),
      types: TYPES,
    }))
  }
  const same = (name: string) => (library: Library) => library.name.toLowerCase() === name.toLowerCase()
  const missing = wanted.find((name) => !listed.some(({ libraries }) => libraries.some(same(name))))
  // One that did not answer may have it.
  if (missing !== undefined && listed.length === run.servers.length) {
    const names = listed.flatMap(({ libraries }) => libraries.map((library) => library.name)).join(', ')
    await attempt(async () => {
      throw new AgentError(
        EXIT.usage,
        `--libraries: there is no library “${missing}” with movies or series${names && `, only: ${names}`}.`,
      )
    })
    return []
  }
  return listed.flatMap(({ server, libraries }) => {
    const named = libraries.filter((library) => wanted.some((name) => same(name)(library)))
    const types = TYPES.filter((type) => named.some((library) => library.types.includes(type)))
    return types.length > 0 ? [{ server, libraries: named, types }] : []
  })
}

async function sync(run: Run, server: MediaServer, libraries: readonly Library[], type: MediaType): Promise<void> {
  const { output } = run
  const titles = new Collection()
  for (const library of libraries.filter(({ types }) => types.includes(type))) {
    await server.read(library, type, titles, (what, read, total) => {
      output.progress(`${what}: ${count(read)}${total === undefined ? '' : ` of ${count(total)}`} read`)
    })
  }
  const label = `${PLURAL[type]}${run.servers.length > 1 ? ` (${server.name})` : ''}`
  tellSkipped(run, label, titles, server.hint)
  if (run.stellarr === undefined) {
    for (const line of preview(titles)) output.result(line)
    output.result(`${label}: ${count(titles.size)} would be sent, ${count(titles.skipped)} skipped`)
    return
  }
  const of = { source: server.source, type, confirm: run.confirm }
  const done = await sendLibrary(run.stellarr, of, titles, output.progress)
  if (done.refused > 0) {
    output.note(`Stellarr did not take ${count(done.refused)} of the ${label}; the first: ${done.refusedWhy}.`)
  }
  output.result(
    `${label}: ${count(done.sent)} sent (${count(done.added)} new, ${count(done.removed)} gone, ${count(done.unchanged)} unchanged), ${count(titles.skipped + done.refused)} skipped`,
  )
}

/** Names the titles that cannot be sent, when they are others than in the run before. */
function tellSkipped(run: Run, label: string, titles: Collection, hint: string): void {
  const { skipped, skippedTitles } = titles
  if (skipped === 0 || !run.isNews(label, `${skipped} ${skippedTitles.join('\n')}`)) return
  const { output } = run
  output.note(`${label}: ${count(skipped)} without a TMDB id cannot be sent:`)
  for (const title of skippedTitles) output.note(`  ${title}`)
  if (skipped > skippedTitles.length) output.note(`  … and ${count(skipped - skippedTitles.length)} more`)
  output.note(`  ${hint}`)
}
