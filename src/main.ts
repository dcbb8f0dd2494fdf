#!/usr/bin/env node
/** argv → command → exit code. */
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

// Beside the packages, where only those may write who may change the program anyway; in the system's folder for temporary
// files somebody else could put code. Where this one may not be written, every start takes as long as the first.
enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/sallyport'))

const { commands } = await import('./commands.ts')
const { runProgram } = await import('./cli/program.ts')
process.exitCode = await runProgram(process.argv.slice(2), commands)
