/**
 * Single keys as shortcuts. They are heard where nobody is typing, and can be turned off: who speaks to their computer
 * presses them by accident (WCAG 2.2, 2.1.4).
 */
import { useEffect, useState } from 'preact/hooks'

const SETTING = 'sallyport-keys'

function areKeysOn(): boolean {
  return localStorage.getItem(SETTING) !== 'off'
}

export function useKeySetting(): { readonly isOn: boolean; toggle(): void } {
  const [isOn, setIsOn] = useState(areKeysOn)
  return {
    isOn,
    toggle() {
      localStorage.setItem(SETTING, isOn ? 'off' : 'on')
      setIsOn(!isOn)
    },
  }
}

/** `pressed` returns what a key does; undefined where it does nothing. */
export function useKeys(isActive: boolean, pressed: (key: string) => (() => void) | undefined): void {
  useEffect(() => {
    if (!isActive) return
    const listener = (event: KeyboardEvent) => {
      const { target } = event
      const isTyping = target instanceof HTMLElement && target.closest('input, textarea, select') !== null
      if (isTyping || event.ctrlKey || event.metaKey || event.altKey || !areKeysOn()) return
      const act = pressed(event.key)
      if (act === undefined) return
      event.preventDefault()
      act()
    }
    addEventListener('keydown', listener)
    return () => removeEventListener('keydown', listener)
  })
}

/** `j` and `k` go through the rows of the page's lists, down and up; Enter then follows the link, as anywhere. */
export function useRowKeys(): void {
  useKeys(true, (key) => {
    if (key !== 'j' && key !== 'k') return undefined
    return () => {
      const rows: Element[] = [...document.querySelectorAll('.row-link')]
      const at = rows.indexOf(document.activeElement ?? document.body)
      const next = key === 'j' ? at + 1 : (at < 0 ? rows.length : at) - 1
      const row = rows[next]
      if (row instanceof HTMLElement) row.focus()
    }
  })
}
