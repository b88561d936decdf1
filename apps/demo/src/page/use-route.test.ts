import { expect, it } from 'vitest'
import { parseRoute, routeAddress, views } from './use-route.ts'

it('reads the address that it writes', () => {
  for (const view of views) {
    const parameters = new URLSearchParams({ question: 'Tea & cake? #1 = 100%', 'group.age': '> 60' })
    const route = parseRoute(routeAddress(view, parameters))
    expect(route.view).toBe(view)
    expect(Object.fromEntries(route.parameters)).toEqual(Object.fromEntries(parameters))
  }
})

it('takes an unknown or empty address for the first view', () => {
  for (const hash of ['', '#', '#/', '#/elsewhere?x=1', '#population'])
    expect(parseRoute(hash).view).toBe('population')
})
