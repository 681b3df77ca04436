import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isPushEndpoint } from '../src/rules.ts'

describe('where push messages may go', () => {
  it.each([
    'https://fcm.googleapis.com/fcm/send/abc:def',
    'https://fcm.googleapis.com:443/wp/abc',
    'https://jmt17.google.com/x',
    'https://updates.push.services.mozilla.com/wpush/v2/gAAA',
    'https://web.push.apple.com/QNRN',
    'https://wns2-par02p.notify.windows.com/w/?token=BQ%2bA',
    'https://FCM.googleapis.com/x',
  ])('%s', (endpoint) => {
    expect(isPushEndpoint(endpoint)).toBe(true)
  })

  it.each([
    ['plain http', 'http://fcm.googleapis.com/x'],
    ['another port', 'https://fcm.googleapis.com:8443/x'],
    ['another host', 'https://169.254.169.254/latest/meta-data/'],
    ['a host that ends alike', 'https://evilfcm.googleapis.com.example/x'],
    ['a host that ends alike without its dot', 'https://notnotify.windows.com/x'],
    ['a parent of a known host', 'https://googleapis.com/x'],
    ['a name before the host', 'https://user@fcm.googleapis.com/x'],
    ['an empty name', 'https://@fcm.googleapis.com/x'],
    ['a known host as the name', 'https://fcm.googleapis.com@evil.example/x'],
    ['a known host as the name, with a backslash', 'https://evil.example\\@fcm.googleapis.com/x'],
    ['a known host behind a fragment', 'https://evil.example#.fcm.googleapis.com/x'],
    ['a known host behind a question mark', 'https://evil.example?.fcm.googleapis.com/x'],
    ['a trailing dot', 'https://fcm.googleapis.com./x'],
    ['a tab', 'https://fcm.goo\tgleapis.com/x'],
    ['a blank before it', ' https://fcm.googleapis.com/x'],
    ['letters of another script', 'https://fcm.googleаpis.com/x'],
    ['no slashes', 'https:fcm.googleapis.com/x'],
    ['another scheme', 'ftp://fcm.googleapis.com/x'],
    ['no address', 'fcm.googleapis.com'],
    ['nothing', ''],
    ['too long', `https://fcm.googleapis.com/${'x'.repeat(2_000)}`],
  ])('not %s', (_what, endpoint) => {
    expect(isPushEndpoint(endpoint)).toBe(false)
    expect(isPushEndpoint(endpoint, ['127.0.0.1'])).toBe(false)
  })

  it('extra hosts may use any port and plain http, and nothing else changes', () => {
    for (const endpoint of ['http://127.0.0.1:9/x', 'https://127.0.0.1/x', 'https://fcm.googleapis.com/x']) {
      expect(isPushEndpoint(endpoint, ['127.0.0.1']), endpoint).toBe(true)
    }
    expect(isPushEndpoint('http://u@127.0.0.1:9/x', ['127.0.0.1'])).toBe(false)
    expect(isPushEndpoint('http://127.0.0.2:9/x', ['127.0.0.1'])).toBe(false)
  })

  it('only ever a host that is named, whatever is written', () => {
    const piece = fc.constantFrom(
      'https://',
      'fcm.googleapis.com',
      'evil.example',
      '@',
      ':',
      '443',
      '/',
      '\\',
      '#',
      '?',
      '.',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const endpoint = pieces.join('')
        if (!isPushEndpoint(endpoint)) return
        const url = new URL(endpoint)
        expect(url).toMatchObject({ protocol: 'https:', port: '', username: '', password: '' })
        expect(url.hostname).toMatch(/(^|\.)fcm\.googleapis\.com$/)
      }),
      { numRuns: 2_000 },
    )
  })
})
