import { type AnswerNote, type Clock, type ListSettings, listReader, type Transport } from './list-reader.ts'
import type { ListType } from './list-types.ts'

/** What every simulated client is started with. */
export interface ClientOptions<Settings, Lookup, CleanLevel> {
  transport: Transport
  clock: Clock
  lookup: Lookup
  lists: readonly Settings[]
  cleanLevel?: CleanLevel
}

/** The lists of one client, and every answer that they got. */
export function clientLists<Type extends string, Settings extends ListSettings<Type>>(
  options: ClientOptions<Settings, unknown, unknown>,
  types: Record<Type, ListType>,
  userAgent: string,
) {
  const { transport, clock } = options
  const answers: AnswerNote[] = []
  const from = { transport, clock, userAgent, note: (note: AnswerNote) => void answers.push(note) }
  const lists = options.lists.map((settings) => listReader(settings, types[settings.type], from))
  return {
    answers,
    lists,
    /** The list of this name, if there is one. */
    named: (name: string) => lists.find((list) => list.settings.name === name),
  }
}
