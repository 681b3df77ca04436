/** A failure that is told in one line, since a person can mend it. */
export class Refusal extends Error {}
