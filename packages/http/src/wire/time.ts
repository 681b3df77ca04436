import * as v from 'valibot'

/** A moment, in ISO 8601 UTC. Apart from other parts, so that the API's printer, which is loaded late, takes it alone. */
export const time = v.pipe(v.string(), v.isoTimestamp())
