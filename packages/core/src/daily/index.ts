/** The work of each day: trending files, what is missing of requests, silent readers, messages that wait. */
export * from './run-daily.ts'
