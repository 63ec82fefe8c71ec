import { expect, it } from 'vitest'
import { inNaturalOrder } from './natural-order.js'

const order = (...names: readonly string[]) =>
  inNaturalOrder(names.map((name) => ({ name }))).map(({ name }) => name)

it('orders numbers as numbers, and upper case as lower', () => {
  expect(order('photo 10.jpg', 'Photo 9.jpg', 'a.txt', 'photo 1.jpg')).toEqual([
    'a.txt',
    'photo 1.jpg',
    'Photo 9.jpg',
    'photo 10.jpg',
  ])
  expect(order('第10集.mp4', '第2集.mp4', '第1集.mp4')).toEqual(['第1集.mp4', '第2集.mp4', '第10集.mp4'])
})

it('keeps folders together, and equal names in the order in which they came', () => {
  const files = ['b/1.jpg', 'a/10.jpg', 'a/2.jpg'].map((webkitRelativePath) => ({
    name: webkitRelativePath.slice(2),
    webkitRelativePath,
  }))
  expect(inNaturalOrder(files).map((file) => file.webkitRelativePath)).toEqual([
    'a/2.jpg',
    'a/10.jpg',
    'b/1.jpg',
  ])
  const [first, second] = [{ name: 'a' }, { name: 'a' }]
  expect(inNaturalOrder([first, second])[0]).toBe(first)
})
