/** What the service worker says to open pages when the push service has given this device another address. */
export const RENEWED = 'push-renewed'
