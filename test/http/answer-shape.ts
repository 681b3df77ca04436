import * as v from 'valibot'

const WORDS: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  Array: 'a list',
  Object: 'an object',
}

interface Found {
  issue: v.BaseIssue<unknown>
  path: string[]
}

/** Where a finding is. Of a value of several possible shapes the one counts that it comes nearest to: the deepest finding. */
function nearest(issue: v.BaseIssue<unknown>, above: string[] = []): Found {
  const path = [...above, ...(issue.path?.map(({ key }) => String(key)) ?? [])]
  const inner = issue.issues?.map((one) => nearest(one, path)) ?? []
  return inner.reduce((best, one) => (one.path.length > best.path.length ? one : best), { issue, path })
}

function sentence(found: v.BaseIssue<unknown>): string {
  const { issue, path } = nearest(found)
  const { expected, received, message } = issue
  const wrong = expected === null ? message : `expected ${WORDS[expected] ?? expected}, received ${received}`
  return path.length === 0 ? wrong : `${path.join('.')}: ${wrong}`
}

/**
 * Holds an answer to its schema. Throws an error that says which call answered it, which field is wrong and how.
 * @param call method and path, as `GET /api/requests`
 */
export function checkShape(call: string, schema: v.GenericSchema, text: string): void {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Error(`${call} → expected JSON, received ${JSON.stringify(text.slice(0, 80))}`)
  }
  const { issues } = v.safeParse(schema, value)
  if (issues) throw new Error(issues.map((issue) => `${call} → ${sentence(issue)}`).join('\n'))
}
