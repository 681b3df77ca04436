import type { ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

const status = (child: ChildProcess, name: string) =>
  Number(new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024

/** Memory of a process that no file backs, MB. */
export const ownMemory = (child: ChildProcess): number => status(child, 'RssAnon')

/** File descriptors that a process has open. */
export const openFiles = (child: ChildProcess): number => readdirSync(`/proc/${child.pid}/fd`).length

/** Asks again and again, every so many ms, until stopped; answers how long the slowest answer took, and what was no 200. */
export function watchHealth(url: string, everyMs = 100) {
  const times: number[] = []
  let failed = 0
  let isDone = false
  const watching = (async () => {
    while (!isDone) {
      const began = performance.now()
      const isWell = await fetch(`${url}/api/health`).then(
        async (answer) => {
          await answer.text()
          return answer.ok
        },
        () => false,
      )
      if (!isWell) failed += 1
      times.push(performance.now() - began)
      await new Promise((resolve) => setTimeout(resolve, everyMs))
    }
  })()
  return {
    async stop() {
      isDone = true
      await watching
      times.sort((a, b) => a - b)
      const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0
      return { p50: at(0.5), p99: at(0.99), most: at(1), failed }
    },
  }
}
