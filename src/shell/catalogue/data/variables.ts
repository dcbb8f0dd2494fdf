/**
 * Shell and environment variables that decide what runs. Setting one is `opaque` where the names of commands stop
 * meaning what they say (PATH, LD_PRELOAD), `escape` where a program is named that something will start later, and
 * `transfer` where traffic is redirected. Sources: bash(1) "Shell Variables", ld.so(8), environ(7), and the
 * manual pages of the programs named.
 */
import type { Effects } from '../schema.ts'

// biome-ignore format: a table
/** Tried in order on the variable's name; those with `isPassed` only where it goes into the environment of what runs. */
export const variables: readonly { readonly name: RegExp; readonly effects: Effects; readonly isPassed?: true }[] = [
  // How bash finds, reads and splits commands. 
  { name: /^(?:PATH|BASH_ENV|ENV|SHELLOPTS|BASHOPTS|IFS|EXECIGNORE|BASH_LOADABLES_PATH|POSIXLY_CORRECT|BASH_FUNC_.*|BASH_ALIASES|BASH_CMDS|FPATH|fpath|path|HOME|PWD|OLDPWD|DIRSTACK|CDPATH|GLOBIGNORE)$/, effects: 'opaque' },
  // Assigning to the first four evaluates the text as arithmetic; the next are taken for integers.
  { name: /^(?:RANDOM|SRANDOM|OPTIND|HISTCMD|UID|EUID|PPID|BASHPID|LINENO|SECONDS|EPOCHSECONDS|histchars|BASH_COMPAT|auto_resume|BASH_XTRACEFD|FUNCNAME|BASH_ARGV0|BASH_COMMAND|BASH_REMATCH|TEXTDOMAIN|TEXTDOMAINDIR)$/, effects: 'opaque' },
  { name: /^(?:PROMPT_COMMAND|PS[0-4]|PROMPT|RPROMPT|MAILPATH|MAIL|HISTFILE|INPUTRC|COMP_WORDBREAKS|COMPREPLY|FCEDIT|TIMEFORMAT)$/, effects: 'opaque' },
  // The dynamic linker and the C library.
  { name: /^(?:LD_.*|DYLD_.*|GCONV_PATH|GETCONF_DIR|GLIBC_TUNABLES|HOSTALIASES|LOCALDOMAIN|LOCPATH|MALLOC_.*|NLSPATH|NIS_PATH|RES_OPTIONS|RESOLV_.*|TZDIR|TERMINFO|TERMINFO_DIRS|TERMCAP|TERMPATH)$/, effects: 'opaque' },
  // Programs that others start, and code that interpreters read before anything else.
  { name: /(?:PAGER|EDITOR|VISUAL|BROWSER|ASKPASS|PINENTRY|SHELL|_CMD|_COMMAND|COMMAND|_PROG|_RSH|_HOOK|_HOOKS|_EXEC|_WRAPPER|LAUNCHER|PRELOAD|PRECMD|INIT|STARTUP)$/, effects: 'escape' },
  { name: /^(?:GIT_(?!(?:AUTHOR|COMMITTER)_(?:NAME|EMAIL|DATE)$).*|LESS.*|MORE|MAN.*|GROFF_.*|SYSTEMD_.*|SUDO_.*|SSH_.*|RSYNC_.*|TAR_.*|GZIP|BZIP2?|XZ_.*|ZSTD_.*|ZIPOPT|UNZIP|GREP_OPTIONS|MAKE.*|GNUMAKEFLAGS|CVS_.*|SVN_.*|HG.*|FTP_.*|PYTHON.*|PERL.*|RUBY.*|GEM_.*|BUNDLE_.*|NODE_.*|NPM_.*|npm_.*|YARN_.*|JAVA_.*|_JAVA_OPTIONS|JDK_.*|CLASSPATH|MAVEN_.*|MVN_.*|GRADLE_.*|LUA_.*|PHP.*|TCL.*|EMACS.*|VIM.*|EXINIT|NVIM.*|MYVIMRC|GDB.*|GUILE_.*|R_.*|GO[A-Z]+|CARGO_.*|RUST.*|PIP_.*|VIRTUAL_ENV|ANSIBLE_.*|TF_.*|VAGRANT_.*|PSQLRC|PSQL_.*|PGSERVICE.*|PGSYSCONFDIR|PGSSL.*|MYSQL_.*|MYCNF|DOCKER_.*|CONTAINER_.*|BUILDAH_.*|PODMAN_.*|KUBECONFIG|KUBE.*|HELM_.*|AWS_CONFIG_FILE|AWS_SHARED_CREDENTIALS_FILE|AWS_CA_BUNDLE|AWS_ENDPOINT_URL.*|CLOUDSDK_.*|GOOGLE_.*|AZURE_.*|OPENSSL_.*|SSLKEYLOGFILE|GNUPGHOME|GPG_.*|CURL_HOME|WGETRC|NETRC|W3M_.*|LYNX_.*|APT_CONFIG|DPKG_.*|DEB_.*|RPM.*|DBUS_.*|XAUTHORITY|XDG_.*|DISPLAY|TMUX.*|STY|SCREEN.*|TMPDIR|TEMP|TMP|QT_.*|GTK_.*|GIO_.*|FZF_.*|RIPGREP_.*|BAT_.*|DELTA_.*|LC_BASH.*|CC|CXX|CPP|LDFLAGS|CFLAGS)$/, effects: 'escape' },
  // Names of this form mean something to the programs they are passed to, and nothing to the shell.
  { isPassed: true, name: /(?:_OPTS|_OPTIONS|OPTIONS|_ARGS|_FLAGS|_HOME|_CONFIG|_CONF|_RC|RCFILE|_LIB|_LIBRARY|_LIBRARIES|_MODULES|_PLUGINS?|PATH)$/, effects: 'escape' },
  // Where traffic goes.
  { name: /^(?:.*_proxy|.*_PROXY|SOCKS_.*)$/, effects: 'transfer' },
]
