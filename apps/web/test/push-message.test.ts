import { describe, expect, it } from 'vitest'
import { pageAddress, pickWindow, readMessage } from '../src/service-worker/push-message.ts'

const HERE = 'https://stellarr.example'

describe('a push message', () => {
  it('is shown with its words, picture and tag, and leads to its page', () => {
    const payload = {
      title: 'Alien',
      body: 'It is here.',
      url: '/title/movie/348',
      icon: 'https://a.b/c.jpg',
      tag: 'm348',
    }
    expect(readMessage(JSON.stringify(payload), HERE)).toEqual({
      title: 'Alien',
      options: {
        body: 'It is here.',
        icon: 'https://a.b/c.jpg',
        badge: '/icons/badge-96.png',
        tag: 'm348',
        renotify: true,
        data: { url: `${HERE}/title/movie/348` },
      },
    })
  })

  it.each([undefined, '', 'no JSON', 'null', '7', '[]', '{}', '{"title":3,"body":null,"tag":{},"url":[],"icon":1}'])(
    'is shown in any case: %s',
    (payload) => {
      const { title, options } = readMessage(payload, HERE)
      expect(title).toBe('Stellarr')
      expect(options.body).toBe('')
      expect(options).not.toHaveProperty('renotify')
      expect(options.data.url).toBe(`${HERE}/`)
    },
  )

  it.each([
    ['/posters/603.svg', `${HERE}/posters/603.svg`],
    ['https://image.tmdb.org/t/p/w342/a.jpg', 'https://image.tmdb.org/t/p/w342/a.jpg'],
    ['http://elsewhere.example/a.jpg', '/icons/icon-192.png'],
    ['data:image/png;base64,AA', '/icons/icon-192.png'],
    ['https://', '/icons/icon-192.png'],
  ])('has a picture of ours or one over https: %s', (icon, shown) => {
    expect(readMessage(JSON.stringify({ icon }), HERE).options.icon).toContain(shown)
  })

  it.each([
    ['/title/tv/1396?a=b#c', `${HERE}/title/tv/1396?a=b#c`],
    [`${HERE}/requests`, `${HERE}/requests`],
    ['https://elsewhere.example/title/movie/1', `${HERE}/`],
    ['//elsewhere.example/a', `${HERE}/`],
    ['/\\elsewhere.example', `${HERE}/`],
    ['javascript:alert(1)', `${HERE}/`],
    ['http://', `${HERE}/`],
    [undefined, `${HERE}/`],
  ])('never leads out of the app: %s', (url, address) => {
    expect(pageAddress(url, HERE)).toBe(address)
  })

  it('opens in the window that is looked at', () => {
    const window = (name: string, focused: boolean, visibilityState: DocumentVisibilityState) => ({
      name,
      focused,
      visibilityState,
    })
    const [back, seen, held] = [
      window('back', false, 'hidden'),
      window('seen', false, 'visible'),
      window('held', true, 'visible'),
    ]
    expect(pickWindow([back, seen, held])).toBe(held)
    expect(pickWindow([back, seen])).toBe(seen)
    expect(pickWindow([back])).toBe(back)
    expect(pickWindow([])).toBeUndefined()
  })
})
