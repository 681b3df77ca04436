/** The whole text of a list. */
export const textOf = ({ parts }: { parts: Iterable<string> }): string => [...parts].join('')
