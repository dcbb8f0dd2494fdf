/** The corpus. */
import type { Trick } from '../trick.ts'
import { attack } from './attack.ts'
import { attributes } from './attributes.ts'
import { bindings } from './bindings.ts'
import { channels } from './channels.ts'
import { commands } from './commands.ts'
import { completion } from './completion.ts'
import { dotfiles } from './dotfiles.ts'
import { editing } from './editing.ts'
import { editors } from './editors.ts'
import { escapes } from './escapes.ts'
import { exhaustion } from './exhaustion.ts'
import { expansion } from './expansion.ts'
import { fish } from './fish.ts'
import { history } from './history.ts'
import { hooks } from './hooks.ts'
import { interpreters } from './interpreters.ts'
import { jobs } from './jobs.ts'
import { nested } from './nested.ts'
import { off } from './off.ts'
import { paste } from './paste.ts'
import { unicode } from './unicode.ts'
import { upload } from './upload.ts'
import { zsh } from './zsh.ts'

export const TRICKS: readonly Trick[] = [
  ...commands,
  ...editing,
  ...history,
  ...completion,
  ...paste,
  ...expansion,
  ...hooks,
  ...bindings,
  ...interpreters,
  ...editors,
  ...jobs,
  ...escapes,
  ...unicode,
  ...dotfiles,
  ...upload,
  ...channels,
  ...off,
  ...exhaustion,
  ...nested,
  ...attributes,
  ...attack,
  ...zsh,
  ...fish,
]
