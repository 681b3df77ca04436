import { onActivated, type Ref, ref, watch } from 'vue'

/**
 * A row that scrolls sideways: it comes back to its place when its page was kept aside, and says how many of its items
 * are wanted so far. A browser's own lazy loading takes far more of them.
 * @param count how many items it holds, all of one width
 */
export function useStrip(strip: Readonly<Ref<HTMLElement | null>>, count: () => number) {
  const wanted = ref(0)
  let place = 0

  /** @param ahead how far to the right, in widths of the row */
  function want(ahead: number): void {
    if (!strip.value) return
    const { scrollLeft, clientWidth, scrollWidth } = strip.value
    const step = scrollWidth / Math.max(1, count())
    wanted.value = Math.max(wanted.value, Math.ceil((scrollLeft + clientWidth * ahead) / step))
  }
  watch(strip, () => want(1), { flush: 'post' })
  onActivated(() => {
    if (strip.value) strip.value.scrollLeft = place
  })

  return {
    wanted,
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
