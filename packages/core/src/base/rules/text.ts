/**
 * What no line of text shows: control characters and line ends, halves of characters, a byte order mark, and what turns
 * the direction of everything after it (UAX #9).
 */
export const UNSHOWN = /[\p{Cc}\p{Cs}\p{Bidi_Control}\u2028\u2029\ufeff]/u
