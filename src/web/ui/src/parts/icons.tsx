/** The few drawings the pages use; decoration, so that a screen reader passes over them. */
import type { ComponentChildren } from 'preact'

function Icon({ children, size = 18 }: { readonly children: ComponentChildren; readonly size?: number }) {
  return (
    <svg
      class="icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.8"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  )
}

export const Gate = () => (
  <Icon size={24}>
    <path d="M3 21V9.5C3 6 5.5 3.5 9 3.5V21M21 21V9.5C21 6 18.5 3.5 15 3.5V21" />
    <path d="M6.3 13v1.5M17.7 13v1.5" />
  </Icon>
)

export const Inbox = () => (
  <Icon>
    <path d="M3 13l3-8h12l3 8v6H3zM3 13h5a4 4 0 0 0 8 0h5" />
  </Icon>
)

export const Scales = () => (
  <Icon>
    <path d="M12 4v16M8 20h8M5 7h14M5 7l-3 7a3 3 0 0 0 6 0zM19 7l-3 7a3 3 0 0 0 6 0z" />
  </Icon>
)

export const Terminal = () => (
  <Icon>
    <path d="M3 5h18v14H3zM7 10l3 2.5L7 15M13 15h4" />
  </Icon>
)

export const Person = () => (
  <Icon>
    <circle cx="12" cy="8" r="4" />
    <path d="M4 21c0-4.4 3.6-7 8-7s8 2.6 8 7" />
  </Icon>
)

export const Log = () => (
  <Icon>
    <path d="M5 3h11l3 3v15H5zM9 9h6M9 13h6M9 17h4" />
  </Icon>
)

export const Rules = () => (
  <Icon>
    <path d="M4 6l1.5 1.5L8 5M4 13l1.5 1.5L8 12M11 6.5h9M11 13.5h9M11 19.5h9M4 19.5h4" />
  </Icon>
)

export const Servers = () => (
  <Icon>
    <path d="M4 4h16v6H4zM4 14h16v6H4zM7.5 7h.2M7.5 17h.2" />
  </Icon>
)

export const Check = () => (
  <Icon>
    <path d="M4.5 12.5l5 5 10-11" />
  </Icon>
)

export const Cross = () => (
  <Icon>
    <path d="M6 6l12 12M18 6L6 18" />
  </Icon>
)

export const Key = () => (
  <Icon>
    <circle cx="8" cy="15" r="4.5" />
    <path d="M11.2 11.8L20 3M16.5 6.5l3 3" />
  </Icon>
)

export const Alert = () => (
  <Icon>
    <path d="M12 3.5L2.5 20h19zM12 10v4.5M12 17.3v.2" />
  </Icon>
)
