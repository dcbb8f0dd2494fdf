/**
 * Settings given on a command line that can name a program to run: `git -c`, `ssh -o`, tar's checkpoint actions, the
 * commands of editors and pagers. Settings that are known to be harmless are listed; any other is `escape`.
 */
import { isKnown } from '../argument.ts'
import type { ShellReader, Span } from '../context.ts'
import { ESCAPE, NONE, OPAQUE, READ, TRANSFER } from '../effects.ts'
import type { Finding } from '../finding.ts'

const GIT_HARMLESS =
  /^(?:user\.(?:name|email)|color\..*|advice\..*|log\..*|status\..*|column\..*|blame\..*|format\.pretty|diff\.(?:algorithm|renames|renamelimit|context|noprefix|mnemonicprefix|colormoved\w*|wserrorhighlight|submodule)|core\.(?:quotepath|abbrev|autocrlf|eol|safecrlf|filemode|ignorecase|precomposeunicode|bigfilethreshold|compression|preloadindex|untrackedcache|logallrefupdates)|init\.defaultbranch|pull\.(?:rebase|ff)|push\.(?:default|autosetupremote)|merge\.(?:ff|conflictstyle|renamelimit)|rebase\.(?:autosquash|autostash)|fetch\.(?:prune|parallel)|gc\.auto|maintenance\.auto|commit\.gpgsign|tag\.gpgsign|tag\.sort|branch\.sort|rerere\.enabled|http\.(?:postbuffer|lowspeed\w+|version|sslverify)|grep\..*|pack\.\w+|index\.\w+|protocol\.version|submodule\.recurse)$/

/** `name=value` of `git -c` (git-config(1)). */
export function readGitConfig(text: string, finding: Finding, _at: Span, shell: ShellReader): void {
  const [, name = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(text) ?? []
  const key = name.toLowerCase()
  if (!isKnown(name)) finding.add(ESCAPE | OPAQUE, 'a git setting that is not known')
  else if (GIT_HARMLESS.test(key)) return
  else if (key.startsWith('alias.')) shell(value.startsWith('!') ? value.slice(1) : `git ${value}`)
  else if (key === 'core.pager' || key.startsWith('pager.')) {
    if (!/^(?:cat|true|false|)$/.test(value)) shell(value)
  } else if (/^(?:http|https)\..*|^url\.|^remote\.[^.]*\.(?:url|pushurl|proxy)$/.test(key))
    finding.add(ESCAPE | TRANSFER, `git -c ${name} says where traffic goes`)
  else finding.add(ESCAPE, `git -c ${name} may name a program`)
}

const SSH_HARMLESS: ReadonlySet<string> = new Set(
  'addressfamily batchmode bindaddress bindinterface canonicaldomains canonicalizefallbacklocal canonicalizehostname canonicalizemaxdots checkhostip ciphers compression connectionattempts connecttimeout controlmaster controlpersist escapechar exitonforwardfailure fingerprinthash gatewayports gssapiauthentication gssapidelegatecredentials hashknownhosts hostbasedauthentication hostkeyalgorithms hostkeyalias hostname identitiesonly identityfile certificatefile ipqos kbdinteractiveauthentication kexalgorithms loglevel macs nohostauthenticationforlocalhost numberofpasswordprompts passwordauthentication port preferredauthentications pubkeyacceptedalgorithms pubkeyauthentication rekeylimit requesttty requiredrsasize serveralivecountmax serveraliveinterval stricthostkeychecking syslogfacility tcpkeepalive updatehostkeys user userknownhostsfile globalknownhostsfile verifyhostkeydns visualhostkey sessiontype stdinnull forkafterauthentication'.split(
    ' ',
  ),
)

/** `Name=value` or `Name value` of `ssh -o` (ssh_config(5)). */
export function readSshOption(text: string, finding: Finding, _at: Span, shell: ShellReader): void {
  const [, written = '', value = ''] = /^\s*([^\s=]*)\s*=?\s*"?(.*?)"?$/s.exec(text) ?? []
  const name = written.toLowerCase()
  if (!isKnown(written)) finding.add(ESCAPE | OPAQUE, 'an ssh option that is not known')
  else if (SSH_HARMLESS.has(name)) return
  else if (/^(?:proxycommand|localcommand|remotecommand|knownhostscommand)$/.test(name)) {
    if (value.toLowerCase() !== 'none') {
      // ssh puts host, port and user in the place of %h, %p, %r.
      shell(value.replace(/%[a-zA-Z]/g, 'x'))
      if (name !== 'remotecommand') finding.add(TRANSFER, `ssh -o ${written}`)
    }
  } else if (
    /^(?:proxyjump|localforward|remoteforward|dynamicforward|permitremoteopen|tunnel|tunneldevice|proxyusefdpass|clearallforwardings|forwardagent|forwardx11|forwardx11trusted|streamlocalbindunlink|controlpath|sendenv|setenv)$/.test(
      name,
    )
  ) {
    if (!/^(?:no|none|false)$/i.test(value))
      finding.add(TRANSFER | (name === 'controlpath' ? ESCAPE : NONE), `ssh -o ${written}`)
  } else if (name === 'permitlocalcommand' && /^no$/i.test(value)) return
  else finding.add(ESCAPE, `ssh -o ${written} may name a program`)
}

/** `--checkpoint-action` (tar(1)): `exec=` runs a shell command. */
export function readTarAction(text: string, finding: Finding, _at: Span, shell: ShellReader): void {
  if (!isKnown(text)) finding.add(ESCAPE | OPAQUE, 'a tar action that is not known')
  else if (text.startsWith('exec=')) shell(text.slice(5))
  else if (!/^(?:echo|dot|\.|bell|ttyout|sleep|totals|wait)(?:=|$)/.test(text))
    finding.add(ESCAPE, 'a tar action that is not known')
}

/** `+cmd` of vi, `-c cmd`: `!` runs a shell command; with any other an editor is still an editor. */
export function readEx(text: string, finding: Finding, _at: Span, shell: ShellReader): void {
  finding.add(ESCAPE, 'a command for an editor')
  const command = /^\+?\s*:*\s*(?:sil(?:ent)?!?\s*)?(?:r\s*|w\s*|%\s*)?!(.+)$/s.exec(text)?.[1]
  if (command !== undefined && isKnown(command)) shell(command)
}

/** `+cmd` of less: `!` and `|` run a shell command; `+F`, `+G` and `+/pattern` move about. */
export function readLess(text: string, finding: Finding, _at: Span, shell: ShellReader): void {
  const command = text.replace(/^\+{1,2}/, '')
  if (/^(?:F|G|g|\d+[gGp%]?|[/?][^\n]*)?$/.test(command) && isKnown(command)) finding.add(READ)
  else {
    finding.add(ESCAPE, 'a command for a pager')
    const run = /^!(.+)$/s.exec(command)?.[1]
    if (run !== undefined && isKnown(run)) shell(run)
  }
}
