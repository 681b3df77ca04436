import { onBeforeUnmount, onMounted, type Ref, ref } from 'vue'

/** True from the moment that the element is about to be seen: what lies far below is not drawn or fetched before. */
export function useSeen(element: Readonly<Ref<HTMLElement | null>>): Ref<boolean> {
  const seen = ref(false)
  let observer: IntersectionObserver | undefined
  onMounted(() => {
    observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return
        seen.value = true
        observer?.disconnect()
      },
      { rootMargin: '120px 0px' },
    )
    if (element.value) observer.observe(element.value)
  })
  onBeforeUnmount(() => observer?.disconnect())
  return seen
}
