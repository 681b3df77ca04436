import { ref } from 'vue'

/** This device's time, epoch ms, as pages show times by it: it is put right every few seconds, and pages with it. */
export const clock = ref(Date.now())

/** Puts it right. */
export function tick(): void {
  clock.value = Date.now()
}
