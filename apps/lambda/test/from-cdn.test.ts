import { describe, expect, it } from 'vitest'
import { eventThroughCdn, ORIGIN_SECRET } from '../../../infra/src/local/function-url.ts'
import { asViewerCalled, isFromCdn } from '../src/from-cdn.ts'

/** An event that came through the CDN from this viewer, with these headers changed. */
function anEvent(viewer: string, headers: Record<string, string | undefined> = {}) {
  const event = eventThroughCdn({ method: 'GET', url: '/', headers: {}, body: Buffer.alloc(0) }, viewer)
  const given: Record<string, string> = {}
  for (const [name, value] of Object.entries({ ...event.headers, ...headers })) {
    if (value !== undefined) given[name] = value
  }
  return { ...event, headers: given }
}

function seen(viewer: string, headers: Record<string, string | undefined> = {}) {
  const event: unknown = anEvent(viewer, headers)
  if (!isFromCdn(event, [ORIGIN_SECRET])) throw new Error('not from the CDN')
  const called = asViewerCalled(event)
  return { address: called.requestContext.http.sourceIp, headers: called.headers }
}

describe('the origin secret', () => {
  it('takes either of two values while it is rotated, and nothing else', () => {
    const secrets = [ORIGIN_SECRET, 'second-origin-secret']
    for (const given of secrets) expect(isFromCdn(anEvent('::1', { 'x-origin-verify': given }), secrets)).toBe(true)
    for (const given of ['', 'x', `${ORIGIN_SECRET}x`, secrets.join(','), 'é'.repeat(26), undefined]) {
      expect(isFromCdn(anEvent('::1', { 'x-origin-verify': given }), secrets)).toBe(false)
    }
  })

  it.each([undefined, null, 'text', {}, { headers: null }, { headers: { 'x-origin-verify': [ORIGIN_SECRET] } }])(
    'takes no event like %j',
    (event) => expect(isFromCdn(event, [ORIGIN_SECRET])).toBe(false),
  )
})

describe('who called', () => {
  it.each([
    ['203.0.113.7:46532', '203.0.113.7'],
    ['2001:db8::1:46532', '2001:db8::1'],
    ['2001:0db8:0000:0000:0000:0000:0000:0001:443', '2001:0db8:0000:0000:0000:0000:0000:0001'],
    ['[2001:db8::1]:46532', '2001:db8::1'],
  ])('is read from CloudFront-Viewer-Address %s', (header, address) => {
    expect(seen('any', { 'cloudfront-viewer-address': header }).address).toBe(address)
  })

  it.each(['1.2.3.4', '1.2.3.4, 130.176.0.1'])('is the connection where CloudFront names nobody, with %s', (hops) => {
    expect(seen('any', { 'cloudfront-viewer-address': undefined, 'x-forwarded-for': hops })).toMatchObject({
      address: '130.176.0.1',
      headers: expect.not.objectContaining({ 'x-forwarded-for': expect.anything() }),
    })
  })

  it.each([
    ['203.0.113.7', undefined],
    ['203.0.113.7, 130.176.0.1', undefined],
    ['10.0.0.1, 203.0.113.7', '10.0.0.1'],
    ['10.0.0.1, 198.51.100.2, 203.0.113.7, 130.176.0.1', '10.0.0.1, 198.51.100.2'],
    ['203.0.113.7, 203.0.113.7, 130.176.0.1', '203.0.113.7'],
    ['10.0.0.1, 10.0.0.2', undefined],
    [undefined, undefined],
  ])('of X-Forwarded-For %j leaves what the viewer itself sent: %j', (forwarded, left) => {
    expect(seen('203.0.113.7', { 'x-forwarded-for': forwarded }).headers['x-forwarded-for']).toBe(left)
  })

  it('passes neither the secret nor the CDN’s own header on', () => {
    expect(Object.keys(seen('::1').headers)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/x-origin-verify|cloudfront-viewer-address/)]),
    )
  })
})
