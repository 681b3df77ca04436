const SYLLABLES =
  'ba be bi bo bu da de di do du fa fe fi ga ge go ha he hi ka ke ko la le li lo ma me mi mo na ne ni no pa pe ra re ri ro sa se si so ta te ti to va ve vi wa we'.split(
    ' ',
  )

/**
 * Made-up words that gzip finds about as much to save in as in English ones; the same for the same seed.
 * @param length characters
 */
export function prose(seed: number, length: number): string {
  let state = (seed * 2_654_435_761 + 1) >>> 0
  const next = (below: number) => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  let text = ''
  while (text.length < length) {
    const word = Array.from({ length: 1 + next(4) }, () => SYLLABLES[next(SYLLABLES.length)] ?? '').join('')
    text += text === '' ? word : ` ${word}`
  }
  return `${text.charAt(0).toUpperCase()}${text.slice(1, length).trimEnd()}`
}
