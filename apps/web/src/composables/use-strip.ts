import { onActivated, type Ref, ref, watch } from 'vue'

/** Enough for what is seen at first of a row on any screen. */
const DRAWN_FIRST = 8

/**
 * A row that scrolls sideways: it comes back to its place when its page was kept aside, and says how many of its items
 * are wanted so far. A browser's own lazy loading takes far more of them.
 * @param count how many items it holds, all of one width
 */
export function useStrip(strip: Readonly<Ref<HTMLElement | null>>, count: () => number) {
  const wanted = ref(0)
  const drawn = ref(DRAWN_FIRST)
  let place = 0

  /** @param ahead how far to the right, in widths of the row */
  function want(ahead: number): void {
    if (!strip.value) return
    const { scrollLeft, clientWidth, scrollWidth } = strip.value
    const step = scrollWidth / Math.max(1, Math.min(count(), drawn.value))
    wanted.value = Math.max(wanted.value, Math.ceil((scrollLeft + clientWidth * ahead) / step))
  }
  watch(
    strip,
    (element) => {
      want(1)
      // The rest is drawn once what is seen has been: a slow phone shows its titles sooner.
      if (element) setTimeout(() => requestAnimationFrame(() => (drawn.value = Number.POSITIVE_INFINITY)))
    },
    { flush: 'post' },
  )
  onActivated(() => {
    if (strip.value) strip.value.scrollLeft = place
  })

  return {
    wanted,
    /** How many items are drawn: few at first, all a moment later. */
    drawn,
    /** To be called when it was scrolled. */
    scrolled(): void {
      place = strip.value?.scrollLeft ?? 0
      want(2)
    },
    /** Goes on (1) or back (-1) by nearly what is seen. */
    move(direction: 1 | -1): void {
      strip.value?.scrollBy({ left: direction * strip.value.clientWidth * 0.85, behavior: 'smooth' })
    },
  }
}
