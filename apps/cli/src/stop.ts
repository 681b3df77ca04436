/** A failure that a person can mend, told in one line. */
export class Stop extends Error {}
