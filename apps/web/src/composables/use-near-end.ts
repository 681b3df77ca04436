import { onBeforeUnmount, onMounted, type Ref, watch } from 'vue'

/**
 * Calls `near` when the element is within a screen's height of what is seen, and again after each change of `length`
 * for as long as it stays there.
 */
export function useNearEnd(element: Readonly<Ref<HTMLElement | null>>, length: () => unknown, near: () => void): void {
  let observer: IntersectionObserver | undefined
  const observe = () => {
    observer?.disconnect()
    if (element.value) observer?.observe(element.value)
  }
  onMounted(() => {
    observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) near()
      },
      { rootMargin: '100% 0px' },
    )
    observe()
  })
  // A new observer call tells at once whether the element is near: an old one only tells of changes.
  watch([element, length], observe, { flush: 'post' })
  onBeforeUnmount(() => observer?.disconnect())
}
