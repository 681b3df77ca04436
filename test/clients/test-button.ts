import type { FeedAnswer } from './answers.ts'
import type { ListType } from './list-types.ts'

/** What the settings page says after *Test*; a warning can be saved all the same. */
export interface TestResult {
  kind: 'ok' | 'warning' | 'failed'
  message?: string
}

/**
 * The client's *Test* button of a list. It reads the same address as the list itself but looks at less: filters are not
 * tried, and where the client's own code answers with no list at all (`null`, an empty body) Sonarr's lists and the
 * program lists pass.
 * @param answer after redirects, which the program lists alone do not follow
 */
export function pressTest(type: ListType, answer: FeedAnswer): TestResult {
  if (!type.onHttpBase) return testBody(type, answer)
  try {
    if (type.read(answer, {}).length > 0) return { kind: 'ok' }
    return { kind: 'warning', message: 'No results were returned from your import list' }
  } catch (error) {
    return { kind: 'failed', message: `Unable to connect to import list: ${error}` }
  }
}

function testBody(type: ListType, answer: FeedAnswer): TestResult {
  const isProgram = type.programPath !== undefined
  if (answer.status === 401) {
    return { kind: 'failed', message: isProgram ? 'API Key is invalid' : 'Authentication Failure' }
  }
  if (isProgram && answer.status >= 300 && answer.status < 400) {
    return { kind: 'failed', message: `${type.name} URL is invalid, are you missing a URL base?` }
  }
  const isNothing = answer.status === 200 && ['', 'null'].includes(answer.text.trim())
  if (isNothing) return { kind: 'ok' }
  try {
    type.read(answer, {})
    return { kind: 'ok' }
  } catch (error) {
    return { kind: 'failed', message: `Unable to connect to import list: ${error}` }
  }
}
