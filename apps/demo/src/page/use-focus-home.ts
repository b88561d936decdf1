import { type RefObject, useEffect, useRef } from 'react'

/**
 * For the control that begins some work. When the work ends and what had the focus is gone or disabled (Stop, Cancel), the focus
 * comes back here, so that the keyboard does not start at the top of the page again.
 */
export function useFocusHome<Control extends HTMLElement>(busy: boolean): RefObject<Control | null> {
  const home = useRef<Control>(null)
  const before = useRef(busy)
  useEffect(() => {
    const { activeElement } = document
    const lost = activeElement === null || activeElement === document.body
    if (before.current && !busy && lost) home.current?.focus({ preventScroll: true })
    before.current = busy
  }, [busy])
  return home
}
