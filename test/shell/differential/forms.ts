/**
 * Rarer forms for the generator: builtins that evaluate what they are given, values of variables in places where they
 * matter, and programs that start others by options of their own.
 */

/** What the generator lends: pieces of the size that fits where they are put. */
export interface Parts {
  one(...texts: readonly string[]): string
  pick(...makers: readonly (() => string)[]): string
  word(): string
  name(): string
  /** A command without assignments and redirections. */
  plain(): string
  /** A simple command as one quoted word. */
  quoted(): string
  script(): string
  arithmetic(): string
  quote(text: string): string
}

/** Builtins and expansions that read their arguments, or the values of variables, once more. */
export function evaluated(parts: Parts): string {
  const { one, pick, word, plain, quoted, script, arithmetic, quote } = parts
  const cell = () =>
    pick(
      () => `a[${arithmetic()}]`,
      () => one('a[1]', 'a[@]', 'v', 'a[i]', 'a[$v]', 'a["1"]', 'A[x]', 'v[', 'a[$((1))]'),
    )
  const named = () =>
    pick(
      () => `'${cell().replaceAll("'", '')}'`,
      () => cell(),
      () => `"${cell().replaceAll('"', '')}"`,
      () => '$v',
    )
  const value = () =>
    pick(() => one('c1', "'c1 a'", "'$(c2)'", "'a[$(c3)]'", '5', '-n', 'a', "''", "'`c4`'", '"c1 $v"', "'c1;c2'"), word)
  return pick(
    () => `printf -v ${named()} ${word()}`,
    () => `read ${one('', '-r ', '-a ')}${named()} <<<${word()}`,
    () => `${one('test', '[')} ${one('-v', '-n', '-z', '-R', '-t', '-e')} ${named()}`,
    () => `[[ ${one('-v', '-n', '-t', '-R')} ${named()} ]]`,
    () => `[[ ${word()} ${one('-eq', '-lt', '-nt', '==', '=~')} ${named()} ]]`,
    () => `unset ${one('', '-v ', '-f ', '-n ')}${named()}`,
    () =>
      `${one('declare', 'typeset', 'export', 'readonly', 'local')} ${one('', '-i ', '-a ', '-A ', '-r ', '-x ', '-n ', '-g ', '-l ', '-p ')}${named()}${one('', '=', '+=')}${one('', value())}`,
    () =>
      `${one('declare', 'export', 'readonly')} ${one('v', 'a', 'w')}=(${word()} ${one('', '[1]=', '[v]=')}${word()})`,
    () => `a=(${one('[1]=', '[$v]=', '[i]=', '')}${word()}); c1 "\${a[${arithmetic()}]}"`,
    () => `let ${named()}${one('', '=1', '++')}`,
    () => `((${named()}${one('', '=1', '++')})); c1 $((v))`,
    () => `: & wait -n -p ${named()}`,
    () => `getopts ${one('a', 'a:')} ${named()} -a`,
    () => `mapfile ${one('-t', '-n 1', '-O 1')} ${named()} <<<${word()}`,
    () =>
      `v=${value()}; ${one('', 'timeout 5 ', 'nice -n 1 ', 'env ', 'xargs ', 'command ', 'exec ', 'eval ', 'builtin ')}${one('$v', '"$v"', '${v}', '$v a', '$v c5')}`,
    () =>
      `v=${value()}; ${one('timeout $v c1', 'nice -n $v c1', 'env A=$v c1', 'env "$v" c1', 'xargs -I $v c1 a <<<x', 'find $v -maxdepth 0 -exec c1 {} \\;', 'stdbuf -o$v c1', 'bash -c "$v"', 'bash -c "c1 $v"', 'bash $v c1', 'trap "$v" EXIT', 'echo "$v" | bash', 'bash <<<"$v"', 'c1 $((v))', 'c1 "${v@P}"', 'c1 ${!v}', 'c1 ${v@A}', '[[ $v -eq 1 ]]', 'declare $v', 'export "$v=1"', 'read $v <<<a', 'printf -v "$v" a', 'unset $v', 'alias z=$v', '. $v', 'set -- $v; c1 "$@"', 'set -- $v; "$@"')}`,
    () =>
      `for v in ${value()} ${value()}; do ${one('c1 $v', '$v', 'timeout $v c1', 'env $v c2', 'eval "$v"', 'c1 $((v))', 'bash -c "c1 $v"')}; done`,
    () => `while read -r v; do ${one('c1 "$v"', '$v', 'c1 $((v))')}; done <<<${value()}`,
    () =>
      `compgen ${one('-W', '-C', '-F', '-X', '-P', '-S', '-G', '-A')} ${value()} ${one('', '-W a ', '-W "a b" ')}-- a`,
    () => `complete ${one('-C', '-W', '-F')} ${value()} c1; compgen ${one('-A command c', '-b', '-W a')}`,
    () => `PS4=${value()}; set -x; ${plain()}; set +x`,
    () => `PS4=${value()} bash -xc ${quoted()}`,
    () => `BASH_ENV=/dev/stdin ${one('bash -c', 'sh -c', 'env bash -c')} ${quoted()} <<<${value()}`,
    () => `IFS=${one('c', '1', 'a', "' '")}; v=${value()}; c1 $v`,
    () => `hash -p /names/c1 ${one('zz', 'c2', 'ls')}; ${one('zz', 'c2', 'ls')} a`,
    () => `${one('.', 'source')} ${one('/dev/stdin', '/dev/fd/0', "'/dev/stdin'")} <<<${value()}`,
    () => `coproc ${one('', 'N ')}${one(plain(), `{ ${script()}\n}`, `( ${script()}\n)`)}`,
    () => `: & jobs -x ${plain()}`,
    () =>
      `trap ${one('--', '')} ${quoted()} ${one('USR1; kill -USR1 $$; :', 'RETURN; f9() { :; }; f9', 'EXIT', 'CHLD; sh -c :', 'SIGUSR2; kill -USR2 $$; :')}`,
    () => `case $(${plain()}) in $(${plain()})) ${plain()};; ${one('*', '@(a|b)', '"$(c9)"')}) ${plain()};; esac`,
    () => `cat <<E\n$(cat <<${one('F', "'F'", '-F')}\n$(${plain()})\nF\n)\nE`,
    () =>
      `${one('f3() ', 'function f3 ')}${one(`( ${script()}\n)`, `{ ${script()}\n} ${one('', '2>&1', '<<<$(c7)')}`, `if ${script()}\nthen :; fi`, `for v in a; do ${script()}\ndone`)}; f3 ${word()}`,
    () => `shopt -s extglob\nc1 ${one('@(a|b)', '!(a)', '*(a)', '+([a-z])')}; [[ a == @($(c2)|a) ]]`,
    () =>
      `shopt -s expand_aliases\nalias zz=${quote(plain())} ${one('', "yy='zz a; '", 'xx=')}\n${one('zz a', 'yy b', 'xx zz', 'c1 zz', '\\zz', "'zz'")}`,
    () =>
      `${one('if', 'while')} ${script()}\n${one('then', 'do')} ${script()}\n${one('fi', 'break; done')} ${one('< <(c8)', '<<<$(c8)', '>/dev/null', '{fd}>/dev/null')}`,
    () =>
      `set -- ${word()} ${value()}; ${one('c1 "$@"', 'c1 $*', '$1', 'c1 $((${1}))', 'shift; "$@"', 'for v; do c1 $v; done', 'eval "$*"', 'c1 "${@:1:1}"', 'c1 ${1+"$@"}')}`,
    () =>
      `c1 ${one('$(<<<a c2)', '$(</dev/null)', '$(< <(c3))', '`c2 \\`c3\\``', '"$(c2 "$(c3)")"', '$(c2 $(c3) `c4`)', '$((1+$(c2)))', "$'\\x24(c2)'", '$"a"', '${v:-$(c2)}', "${v:-'$(c2)'}", '"${v:-\'$(c2)\'}"', '${v#`c2`}', '${v/$(c2)/$(c3)}', '"${v/a/\'$(c2)\'}"', '${a[$(c2)]}', '${v:$(c2):1}', '${v:=$(c2)}', '${v^^$(c2)}', '${!v@}', '${#a[@]}', '"${a[@]/x/$(c2)}"')}`,
  )
}

/** Programs that start others, as their options say. */
export function wrapped(parts: Parts): string {
  const { one, pick, plain, quoted, word } = parts
  return pick(
    () => `env ${one('-S', '-S ', '--split-string=', '-iS ', '-vS')}${quoted()} ${one('', 'a')}`,
    () =>
      `env ${one('-', '-C /', '--chdir=/', '--unset=A', '-i A=b', '--ignore-env', 'A=b -i', 'A=b B=c', '-u A -u B', '--')} ${plain()}`,
    () =>
      `timeout ${one('--preserve-status', '--pres', '-k1', '--kill-after=1', '--kill=1', '-vs9', '--foreground', '-s', '-k 1 -s 9')} ${one('5', '5s', '0')} ${plain()}`,
    () => `nice ${one('-n5', '--adj=1', '-n 1 -n 2', '--', '-1', '-n')} ${plain()}`,
    () =>
      `${one('nohup --', 'setsid -fw', 'setsid --wait', 'stdbuf -oL -eL', 'stdbuf --out=L', 'stdbuf -i 0', 'ionice -c3', 'ionice -c 3 -t', 'chrt -b 0', 'flock /tmp/l', 'flock -n /tmp/l', 'flock -w 1 /tmp/l')} ${plain()}`,
    () => `flock /tmp/l -c ${quoted()}`,
    () =>
      `echo 'a b' | xargs ${one('-P1 -n1', '--max-a=1', '--max-args=1', '-L1', '-L 1', '-i', '-d" "', "-d ' '", '-a /dev/null', '-E b', '-s 200', '-tr', '-I%', '-I %', '--replace=%', '-0', '--', '-n', '-x')} ${plain()} ${one('', '{}', '%')}`,
    () => `echo a | xargs ${one('', '-n1 ', '-I{} ')}${one('bash', 'sh')} -c ${quoted()} ${one('', '_', '{}', '_ {}')}`,
    () =>
      `find . -maxdepth 0 ${one('-exec', '-execdir', '-name . -exec', '! -name x -exec', '-type d -o -exec')} ${plain()} ${one('{}', '')} ${one('\\;', '+', '{} +', "';' -exec c9 {} ';'", '\\; -o -exec c8 \\;', '')}`,
    () => `find . -maxdepth 0 -exec ${one('sh', 'bash')} -c ${quoted()} ${one('', '_')} {} \\;`,
    () =>
      `bash ${one('-ec', '-xc', '-c --', '-c -e', '-O extglob -c', '-o posix -c', '+x -c', '--norc -c', '-eo pipefail -c', '-lc', '-cl', '-c -o pipefail', '--posix -c', '-uc', '-nc')} ${quoted()} ${one('', 'a b')}`,
    () =>
      `${one('bash -s', 'bash -s a', 'bash -', 'bash -e -', 'bash', 'sh -s', 'bash /dev/stdin', 'bash /dev/fd/0', 'bash -s -- -x')} ${one('<<<', '< <(echo ', '<<< ')}${quoted()}`.replace(
        /(< <\(echo .*)$/s,
        '$1)',
      ),
    () =>
      `awk ${one('', '-F: ', '-v x=1 ')}${pick(
        () => `'BEGIN{system("${one('c1', 'c2 a', 'c1; c3')}")}'`,
        () => `'BEGIN{"c4" | getline}'`,
        () => `'BEGIN{print "${one('c5', 'a')}" | "${one('sh', 'c6')}"}'`,
        () => `'BEGIN{x="c7"; system(x)}'`,
        () => `"BEGIN{system(\\"c8 ${word().replace(/["'\\`\n]/g, '')}\\")}"`,
        () => `'{print "c1"}'`,
      )} </dev/null`,
    () =>
      `echo a | sed ${one('', '-n ', '-e ', '-E ')}${one("'1e c1'", "'e c2 a'", "'s/a/c3/e'", "'s/a/b/;e c4'", "'s/a/b/g'", "'s,a,c5,ge'", "'/a/{e c6\n}'", "'y/a/b/'", "'s/a/b/e;s/b/c1/'", "'1!e c1'", '"s/a/c7 $v/e"', "'a\\\nc1'", "'a c1'", "'/e c1/d'")}`,
  )
}
