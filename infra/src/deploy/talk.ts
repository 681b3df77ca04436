import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { Refusal } from './refusal.ts'

/** How the command talks with a person. */
export interface Talk {
  say(line?: string): void
  /** Asks and answers what was typed, which a secret does not show; undefined where nobody can be asked. */
  ask(question: string, options?: { secret: boolean }): Promise<string | undefined>
  /** Yes or no, no being the default; where nobody can be asked, whether `--yes` was given. */
  confirm(question: string): Promise<boolean>
}

/** Talks over the terminal. With `yes`, or without a terminal, nobody is asked. */
export function terminalTalk({ yes }: { yes: boolean }): Talk {
  const canAsk = process.stdin.isTTY === true && !yes
  const say = (line = '') => console.log(line)
  async function ask(question: string, { secret } = { secret: false }): Promise<string | undefined> {
    if (!canAsk) return undefined
    if (secret) process.stdout.write(`${question} `)
    // Readline writes out its question and what is typed; for a secret that goes nowhere.
    const output = secret ? new Writable({ write: (_chunk, _encoding, done) => done() }) : process.stdout
    const lines = createInterface({ input: process.stdin, output, terminal: true })
    try {
      return (await lines.question(`${question} `)).trim()
    } finally {
      lines.close()
      if (secret) process.stdout.write('\n')
    }
  }
  return {
    say,
    ask,
    async confirm(question) {
      if (yes) return true
      if (!canAsk) throw new Refusal('There is no terminal to ask at: add --yes to go on, or --dry-run to only look.')
      return /^y(es)?$/i.test((await ask(`${question} [y/N]`)) ?? '')
    },
  }
}
