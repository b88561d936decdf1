import { useCallback, useSyncExternalStore } from 'react'

export const views = ['population', 'mixture', 'compare', 'frameworks', 'fit'] as const
export type View = (typeof views)[number]

/** Where the page is: it stands in the address, so that a reload or a link shows the same. */
export interface Route {
  readonly view: View
  readonly parameters: URLSearchParams
}

function subscribe(notify: () => void): () => void {
  window.addEventListener('hashchange', notify)
  return () => window.removeEventListener('hashchange', notify)
}

export function parseRoute(hash: string): Route {
  const [name = '', query = ''] = hash.replace(/^#\/?/, '').split('?')
  return { view: views.find((view) => view === name) ?? 'population', parameters: new URLSearchParams(query) }
}

export function routeAddress(view: View, parameters: URLSearchParams): string {
  const query = parameters.toString()
  return `#/${view}${query === '' ? '' : `?${query}`}`
}

export interface Navigation {
  readonly route: Route
  /** Changes parameters of the address without a step in the history; undefined removes one. */
  readonly set: (changes: Readonly<Record<string, string | undefined>>) => void
}

export function useRoute(): Navigation {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash)
  const set = useCallback((changes: Readonly<Record<string, string | undefined>>) => {
    const { view, parameters } = parseRoute(window.location.hash)
    for (const [name, value] of Object.entries(changes)) {
      if (value === undefined || value === '') parameters.delete(name)
      else parameters.set(name, value)
    }
    const address = routeAddress(view, parameters)
    if (address === window.location.hash) return
    window.history.replaceState(undefined, '', address)
    window.dispatchEvent(new HashChangeEvent('hashchange'))
  }, [])
  return { route: parseRoute(hash), set }
}
