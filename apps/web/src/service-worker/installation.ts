import { reactive } from 'vue'

/** What Chromium's browsers send when the app can be installed; the others have it in their own menus. */
interface InstallPrompt extends Event {
  prompt(): Promise<unknown>
}
let prompt: InstallPrompt | undefined

const isPrompt = (event: Event): event is InstallPrompt => 'prompt' in event

/** Whether the browser offers to install the app, and asking it to. */
export const installation = reactive({
  possible: false,
  async ask(): Promise<void> {
    await prompt?.prompt()
    installation.possible = false
  },
})

/** Keeps the browser's offer for the settings page, where people look for it. */
export function watchInstallation(): void {
  window.addEventListener('beforeinstallprompt', (event) => {
    if (!isPrompt(event)) return
    event.preventDefault()
    prompt = event
    installation.possible = true
  })
  window.addEventListener('appinstalled', () => {
    installation.possible = false
  })
}
