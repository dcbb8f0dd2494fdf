/**
 * SQL as clients take it on the command line, with the backslash commands of psql and mysql and the dot commands of
 * sqlite3. It is sorted by how each statement begins; functions that are not known to be harmless make it `unknown`. The
 * postgres gate has the real parser: this one only has to be no more hopeful than that.
 */
import { isKnown } from '../argument.ts'
import type { ShellReader, Span } from '../context.ts'
import { DESTROY, type EffectSet, ESCAPE, NONE, OPAQUE, PRIVILEGE, READ, TRANSFER, UNKNOWN, WRITE } from '../effects.ts'
import type { Finding } from '../finding.ts'

export function readSql(text: string, finding: Finding, _at: Span, shell: ShellReader): void {
  if (!isKnown(text)) finding.add(OPAQUE, 'SQL of which a part is not known')
  // psql puts a variable's text there, whatever it is; `::type` is a cast, `:'x'` and `:"x"` stay one word.
  if (/(?<!:):[a-z_]/i.test(text.replace(/'(?:[^']|'')*'/g, "''")))
    finding.add(OPAQUE, 'SQL with a variable of psql in it')
  // Dialects disagree on backslashes in strings, and MySQL runs what stands in `/*! … */`.
  const bare = strip(text)
  if (bare === undefined) {
    finding.add(OPAQUE | DESTROY | WRITE, 'SQL whose strings or comments dialects read in different ways')
    return
  }
  for (const line of bare.split('\n')) {
    const [, mark, rest = ''] = /^\s*(\\|\.|system\s|source\s|pager\s|tee\s)(.*)$/is.exec(line) ?? []
    if (mark !== undefined) clientCommand(mark.trim().toLowerCase(), rest, finding, shell)
  }
  for (const statement of bare.split(';')) {
    // psql's commands may follow a statement: `select 1 \g file`, `\gexec`.
    const at = statement.indexOf('\\')
    if (at > 0 && statement.slice(0, at).trim() !== '') clientCommand('\\', statement.slice(at + 1), finding, shell)
    const [effects, why] = effectsOfStatement((at === -1 ? statement : statement.slice(0, at)).trim())
    finding.add(effects, why)
  }
}

/** Takes comments, strings and quoted names away; undefined where dialects disagree on where they end. */
function strip(text: string): string | undefined {
  const TOKEN = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\$(\w*)\$[\s\S]*?\$\1\$|['"`]|\/\*/g
  let isOdd = false
  const bare = text.replace(TOKEN, (token) => {
    if (
      token.length === 1 ||
      token === '/*' ||
      token.startsWith('/*!') ||
      token.startsWith('/*+') ||
      token.startsWith('/*M')
    )
      isOdd = true
    else if (token.startsWith('/*') && token.slice(2).includes('/*')) isOdd = true
    else if (/^['"`]/.test(token) && token.includes('\\')) isOdd = true
    else if (token.startsWith('$')) isOdd = true
    // `--x` is a comment for PostgreSQL and a sign for MySQL.
    else if (token.startsWith('--') && !/^--(?:\s|$)/.test(token)) isOdd = true
    return token.startsWith('-') || token.startsWith('/')
      ? ' '
      : token.startsWith('"') || token.startsWith('`')
        ? ' quoted '
        : " '' "
  })
  return isOdd || /#/.test(bare) ? undefined : bare
}

const CLIENT_READS =
  /^(?:d\S*|l\S*|z|s?f\S*|c(?:onnect|onninfo)?|conninfo|x|t|a|timing|pset|q|quit|\?|h|help|echo|qecho|encoding|errverbose|watch|p|r|du|dt|dn|tables|schema|databases|indexes|mode|headers?|width|nullvalue|separator|show|version|g|G|u|use)\b/

function clientCommand(mark: string, rest: string, finding: Finding, shell: ShellReader): void {
  const command = rest.trim()
  if (mark === 'system' || command.startsWith('!') || /^(?:shell|system)\b/.test(command)) {
    const text = mark === 'system' ? command : command.replace(/^(?:!|shell\b|system\b)/, '').trim()
    if (text === '') finding.add(ESCAPE, 'a database client starts a shell')
    else shell(text)
  } else if (
    mark === 'source' ||
    /^(?:i|ir|include|include_relative|read|restore|\.)\b/.test(command) ||
    command.startsWith('.')
  ) {
    finding.add(OPAQUE, 'a database client runs a file')
  } else if (
    /[|`]/.test(command) ||
    /^(?:gexec|e|ef|ev|edit|setenv|load|P|pager)\b/.test(command) ||
    mark === 'pager'
  ) {
    finding.add(ESCAPE | OPAQUE, 'a database client starts a program')
  } else if (/^lo_/i.test(command)) finding.add(READ | WRITE, 'a database client copies')
  else if (/^copy\b/i.test(command)) {
    finding.add(/\bprogram\b/i.test(command) ? ESCAPE | OPAQUE : READ | WRITE, 'a database client copies')
  } else if (
    /^(?:o|out|output|once|w|write|g|gx|backup|save|clone|dump|log|T|excel|import)\b/.test(command) &&
    /\s\S/.test(command)
  ) {
    finding.add(WRITE, 'a database client writes a file')
  } else if (mark === 'tee') finding.add(WRITE, 'a database client writes a file')
  else if (command === '' || CLIENT_READS.test(command)) finding.add(READ)
  else finding.add(UNKNOWN, 'a command of a database client that is not known')
}

const READERS =
  /^(?:select|table|values|show|describe|desc|explain|with|begin|start|commit|end|rollback|abort|savepoint|release|use|help|\(|fetch|declare|close|listen|checkpoint|status|go)\b|^\(/
const STATEMENTS: readonly (readonly [RegExp, EffectSet, string])[] = [
  [/^(?:drop|truncate|delete|shutdown|kill|purge|flush)\b/, DESTROY, 'SQL that removes'],
  [/^alter\s+(?:user|role|default\s+privileges|system|group)\b/, PRIVILEGE | WRITE, 'SQL that changes rights'],
  [/^alter\b.*\bdrop\b/, DESTROY, 'SQL that removes'],
  [
    /^(?:grant|revoke|set\s+(?:session|local)?\s*(?:role|session\s+authorization)|reassign)\b/,
    PRIVILEGE,
    'SQL that changes rights',
  ],
  [/^create\s+(?:or\s+replace\s+)?(?:user|role|group)\b/, PRIVILEGE | WRITE, 'SQL that changes rights'],
  [
    /^(?:create|alter)\b.*\b(?:function|procedure|extension|language|trigger|event|server|subscription)\b/,
    ESCAPE | WRITE,
    'SQL that defines code',
  ],
  [/^copy\b.*\bprogram\b/, ESCAPE | OPAQUE, 'SQL that starts a program'],
  [/^copy\b/, READ | WRITE, 'SQL that copies'],
  [/^(?:load|install|attach|import|export)\b/, ESCAPE | READ | WRITE, 'SQL that loads code or files'],
  [/^(?:do|call|execute|exec|prepare|perform|handler)\b/, OPAQUE, 'SQL that runs code by name'],
  [
    /^(?:dblink|change\s+master|change\s+replication|start\s+(?:slave|replica)|stop\s+(?:slave|replica)|reset)\b/,
    WRITE | TRANSFER,
    'SQL that changes replication',
  ],
  [
    /^(?:insert|update|merge|replace|upsert|create|alter|comment|vacuum|analyze|analyse|reindex|cluster|refresh|lock|unlock|optimize|repair|rename|set|pragma|detach|notify|discard|security|backup|restore|check|cache)\b/,
    WRITE,
    'SQL that writes',
  ],
]
const CALL = /\b([a-z_][\w.]*)\s*\(/g
const HARMLESS_CALLS: ReadonlySet<string> = new Set(
  'count sum avg min max now current_database current_schema current_user version date time timestamp extract coalesce nullif greatest least lower upper length char_length substr substring trim ltrim rtrim replace concat concat_ws round floor ceil ceiling abs mod power sqrt cast convert date_trunc date_part to_char to_date to_timestamp to_number age interval row_number rank dense_rank lag lead first_value last_value over filter in exists any all some not and or on using values as array array_agg string_agg group_concat json_agg jsonb_agg json_build_object to_json to_jsonb row_to_json pg_size_pretty pg_database_size pg_total_relation_size pg_relation_size pg_table_size pg_indexes_size pg_is_in_recovery pg_last_wal_receive_lsn pg_last_wal_replay_lsn pg_current_wal_lsn pg_wal_lsn_diff pg_get_viewdef pg_get_indexdef pg_blocking_pids pg_postmaster_start_time pg_backend_pid pg_get_userbyid pg_encoding_to_char has_table_privilege obj_description col_description format_type unnest generate_series md5 sha1 left right position strpos split_part regexp_replace regexp_matches isnull ifnull if case when then else end where and from join select between like user database unix_timestamp from_unixtime datediff date_add date_sub date_format curdate curtime sysdate year month day hour minute second distinct partition by order limit group having union except intersect with recursive table lateral explain'.split(
    ' ',
  ),
)

function effectsOfStatement(statement: string): readonly [EffectSet, string | undefined] {
  const text = statement.replace(/\s+/g, ' ').toLowerCase()
  if (text === '' || text.startsWith('.') || text.startsWith('\\')) return [NONE, undefined]
  if (/^set (?:search_path|statement_timeout|lock_timeout|names|time zone|client_encoding|timezone)\b/.test(text))
    return [READ, undefined]
  if (!READERS.test(text)) {
    const found = STATEMENTS.find(([pattern]) => pattern.test(text))
    return found === undefined ? [UNKNOWN, 'SQL that is not known'] : [found[1] | callsOf(text), found[2]]
  }
  let effects: EffectSet = READ | callsOf(text)
  // EXPLAIN ANALYZE runs the statement; WITH may hold any; SELECT INTO makes a table or a file.
  if (/\b(?:insert|update|merge|into|replace)\b/.test(text)) effects |= WRITE
  if (/\b(?:delete|truncate|drop)\b/.test(text)) effects |= DESTROY
  if (/\b(?:outfile|dumpfile|program)\b/.test(text)) effects |= WRITE | ESCAPE
  return [effects, effects === READ ? undefined : 'SQL that reads, with words that do more']
}

/** A function may do anything; those that are known to look only are harmless. */
function callsOf(text: string): EffectSet {
  const calls = text.replace(/\b(?:into|table|exists|index|on|view|references|update) [\w.]+ ?\(/g, ' ')
  for (const [, name = ''] of calls.matchAll(CALL)) if (!HARMLESS_CALLS.has(name)) return UNKNOWN
  return NONE
}
