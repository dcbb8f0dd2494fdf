/**
 * The front door of this folder for those who load a policy and ask who may what. Verdicts come from evaluate.ts,
 * reasons from explain.ts, and the right to open a session from authorize.ts.
 */

export { type PolicyResult, parsePolicy } from './parse.ts'
export { type Permissions, permissionsOf, rolesOf } from './roles.ts'
export type { Policy, Rule } from './rule.ts'
export type { Source } from './shape/document.ts'
export { formatProblem, type Problem } from './shape/problem.ts'
