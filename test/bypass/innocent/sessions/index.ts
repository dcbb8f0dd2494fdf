/** All innocent sessions. */
import type { Session } from '../session.ts'
import { bash } from './bash.ts'
import { fish } from './fish.ts'
import { plain } from './plain.ts'
import { programs } from './programs.ts'
import { screen } from './screen.ts'
import { zsh } from './zsh.ts'

export const SESSIONS: readonly Session[] = [...bash, ...screen, ...programs, ...zsh, ...fish, ...plain]
