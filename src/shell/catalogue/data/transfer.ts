/**
 * Clients that move data in or out of the host, and the OpenSSH tools. All are `transfer`; those that keep what they
 * fetch are `write` too; those with a prompt of their own, or an option that names a program, can `escape`. The command
 * given to a remote host is read like a local one.
 */
import type { Family, LongEntry, Role } from '../schema.ts'

const HELP = { '--help --version': { sets: 'read' } } as const
const written: Role = { patterns: { '/dev/*': 'destroy path', '*': 'write path' } }
/** `host:path`, or a local path. */
const remoteOrPath: Role = { patterns: { '*:*': 'transfer host', '*': 'read path' } }
const remoteOrWritten: Role = { patterns: { '*:*': 'transfer host', '/dev/*': 'destroy path', '*': 'write path' } }

/** What the OpenSSH clients have in common. */
const sshOptions = {
  '-o=': 'code ssh-option',
  // A configuration file may hold ProxyCommand; a PKCS#11 provider is a library.
  '-F= -I=': { argument: 'path', adds: 'escape' },
  '-J=': 'transfer host',
  '-i=': 'path',
} as const

/** A client with a prompt of its own, from which a local shell can be had. */
const prompt: LongEntry = {
  effects: 'escape transfer',
  worst: 'escape transfer write',
  options: HELP,
  operands: 'host',
  gtfobins: ['shell', 'upload', 'download'],
}
/** Fetches what it is asked for into files. */
const fetcher: LongEntry = { effects: 'transfer write', worst: 'escape transfer write', options: HELP, operands: 'url' }

/** rsync's `-e`: plain ssh is what it would use anyway. */
const remoteShell: Role = {
  patterns: {
    ssh: 'word',
    'ssh -p [0-9]*[!0-9]*': { is: 'shell', effects: 'escape' },
    'ssh -p [0-9]*': 'word',
    '*': { is: 'shell', effects: 'escape' },
  },
}

export const transfer = {
  name: 'transfer',
  sources: [
    'curl 7.88, wget 1.21, rsync 3.2.7, OpenSSH 9.2, lftp 4.9, aria2 1.36 manual pages',
    'rclone 1.60 documentation',
    'BusyBox 1.35 --help',
    'https://gtfobins.github.io',
  ],
  commands: {
    curl: {
      effects: 'transfer',
      worst: 'transfer write escape',
      known:
        '-#  -## -aBfgGiIjkLlnNpqRsSvZ012346 -: --eprt --epsv -A= -b= -C= -e= -H= -m= -P= -Q= -r= -t= -u= -U= -x= -y= -Y= -z= --alt-svc= --anyauth --append --aws-sigv4= --basic --cacert= --capath= --cert-status --cert-type= --ciphers= --compressed --compressed-ssh --connect-timeout= --connect-to= --continue-at= --cookie= --create-dirs --create-file-mode= --crlf --crlfile= --curves= --data-ascii= --delegation= --digest --disable --disable-eprt --disable-epsv --disallow-username-in-url --dns-interface= --dns-ipv4-addr= --dns-ipv6-addr= --dns-servers= --doh-cert-status --doh-insecure --doh-url= --expect100-timeout= --fail --fail-early --fail-with-body --false-start --form-escape --ftp-account= --ftp-alternative-to-user= --ftp-create-dirs --ftp-method= --ftp-pasv --ftp-port= --ftp-pret --ftp-skip-pasv-ip --ftp-ssl-ccc --ftp-ssl-ccc-mode= --ftp-ssl-control --get --globoff --happy-eyeballs-timeout-ms= --haproxy-protocol --haproxy-clientip= --head --header= --hostpubmd5= --hostpubsha256= --http0.9 --http1.0 --http1.1 --http2 --http2-prior-knowledge --http3 --http3-only --ignore-content-length --include --insecure --interface= --ipfs-gateway= --ipv4 --ipv6 --json= --junk-session-cookies --keepalive-time= --key-type= --krb= --limit-rate= --list-only --local-port= --location --location-trusted --login-options= --mail-auth= --mail-from= --mail-rcpt= --mail-rcpt-allowfails --max-filesize= --max-redirs= --max-time= --metalink --negotiate --netrc --netrc-optional --next --no-alpn --no-buffer --no-clobber --no-keepalive --no-npn --no-progress-meter --no-sessionid --noproxy= --ntlm --ntlm-wb --oauth2-bearer= --parallel --parallel-immediate --parallel-max= --pass= --path-as-is --pinnedpubkey= --post301 --post302 --post303 --preproxy= --progress-bar --proto= --proto-default= --proto-redir= --proxy= --proxy-anyauth --proxy-basic --proxy-cacert= --proxy-capath= --proxy-cert-type= --proxy-ciphers= --proxy-crlfile= --proxy-digest --proxy-header= --proxy-insecure --proxy-key-type= --proxy-negotiate --proxy-ntlm --proxy-pass= --proxy-pinnedpubkey= --proxy-service-name= --proxy-ssl-allow-beast --proxy-ssl-auto-client-cert --proxy-tls13-ciphers= --proxy-tlsauthtype= --proxy-tlspassword= --proxy-tlsuser= --proxy-tlsv1 --proxy-user= --proxy1.0= --proxytunnel --pubkey= --quote= --range= --rate= --raw --referer= --remote-header-name --remote-time --remove-on-error --request-target= --resolve= --retry= --retry-all-errors --retry-connrefused --retry-delay= --retry-max-time= --sasl-authzid= --sasl-ir --service-name= --show-error --silent --socks4= --socks4a= --socks5= --socks5-basic --socks5-gssapi --socks5-gssapi-nec --socks5-gssapi-service= --socks5-hostname= --speed-limit= --speed-time= --ssl --ssl-allow-beast --ssl-auto-client-cert --ssl-no-revoke --ssl-reqd --ssl-revoke-best-effort --sslv2 --sslv3 --styled-output --suppress-connect-headers --tcp-fastopen --tcp-nodelay --telnet-option= --tftp-blksize= --tftp-no-options --time-cond= --tls-max= --tls13-ciphers= --tlsauthtype= --tlspassword= --tlsuser= --tlsv1 --tlsv1.0 --tlsv1.1 --tlsv1.2 --tlsv1.3 --tr-encoding --trace-time --trace-ids --url-query= --use-ascii --user= --user-agent= --variable= --verbose --xattr --no-*',
      options: {
        '-o= --output= -c= --cookie-jar= -D= --dump-header= --etag-save= --hsts= --libcurl= --stderr= --trace= --trace-ascii=':
          written,
        '-O -J --remote-name --remote-name-all': 'write',
        '--output-dir=': 'write path',
        '--netrc-file= --etag-compare= --random-file= --egd-file=': 'path',
        '-T= --upload-file= -E= --cert= --key= --proxy-cert= --proxy-key=': 'path',
        '-d= --data= --data-binary= --data-raw= --data-urlencode= -F= --form= --form-string=': 'word',
        '-X= --request=': { patterns: { '[Dd][Ee][Ll][Ee][Tt][Ee]': { effects: 'destroy' }, '*': 'word' } },
        '-w= --write-out=': {
          patterns: { '*%output*': { effects: 'write' }, '@*': { effects: 'write' }, '*': 'word' },
        },
        // The file holds further options, an output among them.
        '-K= --config=': { argument: 'path', adds: 'opaque write' },
        // A socket of this host: Docker's is as good as root.
        '--unix-socket= --abstract-unix-socket=': { argument: 'path', adds: 'escape privilege' },
        // A library.
        '--engine=': 'escape',
        '--url=': 'transfer url',
        '-V -h -M --version --help --manual': { sets: 'read' },
      },
      operands: 'url',
      gtfobins: ['file-read', 'file-write', 'upload', 'download', 'library-load'],
    },
    'wget wget2': {
      effects: 'transfer',
      worst: 'escape transfer write',
      known:
        '-cdEFHkKLmnNpqrSvx46 -nc -nd -nH -nv -np -A= -B= -D= -I= -l= -Q= -R= -t= -T= -U= -w= -X= --accept= --accept-regex= --adjust-extension --backup-converted --convert-file-only --ftps-implicit --keep-badhash --protocol-directories --warc-header= --warc-max-size= --auth-no-challenge --backups=? --base= --bind-address= --ca-certificate= --ca-directory= --certificate= --certificate-type= --ciphers= --compression= --connect-timeout= --content-disposition --content-on-error --continue --convert-links --crl-file= --cut-dirs= --debug --default-page= --directories --dns-timeout= --dns-cache --domains= --exclude-directories= --exclude-domains= --follow-ftp --follow-tags= --force-directories --force-html --ftp-password= --ftp-user= --header= --hsts --http-passwd= --http-password= --http-user= --https-only --https-enforce= --ignore-case --ignore-length --ignore-tags= --include-directories= --inet4-only --inet6-only --iri --keep-session-cookies --level= --limit-rate= --load-cookies= --local-encoding= --max-redirect= --mirror --no-* --page-requisites --parent --passive-ftp --password= --pinnedpubkey= --post-data= --body-data= --prefer-family= --preserve-permissions --private-key= --private-key-type= --progress= --proxy-password= --proxy-user= --quiet --quota= --random-wait --read-timeout= --recursive --referer= --regex-type= --reject= --reject-regex= --relative --remote-encoding= --report-speed= --restrict-file-names= --retr-symlinks --retry-connrefused --retry-on-host-error --retry-on-http-error= --save-headers --secure-protocol= --server-response --show-progress --span-hosts --start-pos= --strict-comments --timeout= --timestamping --tries= --trust-server-names --unlink --user-agent= --user= --verbose --wait= --waitretry= --xattr --if-modified-since --input-metalink= --metalink-index= --metalink-over-http --preferred-location= --ask-password --bind-dns-address= --dns-servers= --max-threads= -s',
      options: {
        '-O= --output-document=': { argument: written, operands: 'url' },
        '--spider': { operands: 'url' },
        '-o= -a= --output-file= --append-output= --rejected-log= --warc-file= --warc-cdx= --warc-dedup= --save-cookies= --hsts-file=':
          written,
        '-i= --input-file=': { argument: 'path', adds: 'write' },
        '-P= --directory-prefix=': 'write path',
        '--post-file= --body-file= --random-file= --egd-file= --warc-tempdir=': 'path',
        '-b --background --delete-after': 'write',
        '--method=': { patterns: { '[Dd][Ee][Ll][Ee][Tt][Ee]': { effects: 'destroy' }, '*': 'word' } },
        '-e= --execute= --config= --use-askpass=': 'escape',
        '-V -h --version --help': { sets: 'read' },
      },
      operands: 'write url',
      gtfobins: ['shell', 'file-read', 'file-write', 'upload', 'download'],
    },
    'aria2c axel lwp-download youtube-dl yt-dlp httrack wcurl': {
      effects: 'transfer write',
      worst: 'escape transfer write',
      known: '-# -cDkqxVv46 -s= -x= -j= -k= -n= -a -N',
      options: {
        '--on-download-complete= --on-download-start= --on-download-error= --on-download-stop= --on-bt-download-complete= --conf-path= --exec= --config-location= --config-locations= --external-downloader= --netrc-cmd= --plugin-dirs=':
          'escape',
        '--enable-rpc=?': 'escape',
        '-d= --dir= -o= --out= --output= -i= --input-file= -P= --paths=': 'path',
        '-v --version -h --help --help=?': { sets: 'read' },
      },
      operands: 'url',
      gtfobins: ['shell', 'command', 'file-read', 'download'],
    },
    'lwp-request GET HEAD POST http https httpie xh curlie hurl websocat wscat grpcurl urlget ab wrk hey siege': {
      effects: 'transfer',
      worst: 'transfer write',
      options: HELP,
      operands: 'url',
      gtfobins: ['file-read', 'upload', 'download'],
    },
    'w3m lynx links links2 elinks browsh': {
      effects: 'escape transfer',
      worst: 'escape transfer write',
      options: { '--help --version -version -help': { sets: 'read' } },
      operands: 'url',
      gtfobins: ['file-read', 'upload', 'download'],
    },
    'rtorrent transmission-cli transmission-remote transmission-daemon ctorrent deluge qbittorrent-nox': fetcher,

    // OpenSSH
    'ssh slogin autossh dbclient': {
      effects: 'transfer',
      worst: 'escape transfer write privilege',
      known: '-#  -aCfgGkKMNnqTtvxXYy -b= -B= -c= -e= -l= -m= -O= -p= -P= -w=',
      options: {
        ...sshOptions,
        '-E= -S=': 'write path',
        '-L= -R= -D= -W=': 'transfer other',
        // Lends the agent to the host.
        '-A': 'privilege',
        '-s': 'escape',
        '-V': { sets: 'read' },
        '-Q=': { sets: 'read' },
      },
      operands: ['transfer host', 'joined shell'],
      bare: 'escape',
      stdin: 'shell',
      gtfobins: ['shell', 'file-read', 'upload', 'download'],
    },
    'scp pscp': {
      effects: 'transfer',
      worst: 'escape transfer write',
      known: '-346ABCOpqrRTv -c= -l= -P= -X=',
      options: { ...sshOptions, '-S= -D=': 'escape' },
      operands: remoteOrPath,
      last: remoteOrWritten,
      gtfobins: ['shell', 'command', 'file-read', 'file-write', 'upload', 'download'],
    },
    'sftp psftp': {
      effects: 'escape transfer',
      worst: 'escape transfer write',
      known: '-46AaCfNpqrv -B= -c= -l= -P= -R= -s= -X=',
      options: { ...sshOptions, '-b=': 'script', '-S= -D=': 'escape' },
      operands: 'host',
      gtfobins: ['shell', 'upload', 'download'],
    },
    'plink putty': {
      effects: 'escape transfer',
      worst: 'escape transfer',
      operands: ['host', 'joined shell'],
      options: { '-V': { sets: 'read' } },
    },
    'ssh-keygen': {
      effects: 'write',
      worst: 'escape write destroy privilege',
      known:
        '-AcghHkmopquvxz -a= -b= -C= -E= -I= -M= -m= -n= -N= -O= -P= -r= -S= -t= -V= -W= -Z= -Y= -f= -s= -z= -T= -G= -J= -j=',
      options: {
        '-l -y -e -i -B -L -Q': { sets: 'read' },
        '-F=': { sets: 'read' },
        '-R=': 'destroy',
        // Both load a library.
        '-D= -w=': 'escape',
        // Signs a key: whoever holds it may log in.
        '-s=': 'privilege',
        '-h': {},
      },
      operands: 'path',
      gtfobins: ['library-load', 'file-read', 'file-write'],
    },
    'ssh-keyscan': {
      effects: 'transfer',
      worst: 'transfer',
      known: '-46cDHqv -f= -O= -p= -T= -t=',
      operands: 'transfer host',
      gtfobins: ['file-read'],
    },
    // Gives standing access to another host.
    'ssh-copy-id': {
      effects: 'transfer write privilege',
      worst: 'transfer write privilege escape',
      known: '-fnsx -p= -t=',
      options: { ...sshOptions, '-h -?': { sets: 'read' } },
      operands: 'transfer host',
      gtfobins: ['shell', 'file-read'],
    },
    'ssh-agent': {
      effects: 'read',
      syntax: 'posix',
      known: '-cDdsTuU -E= -O= -t=',
      options: { '-a=': 'write path', '-k': 'destroy', '-P=': 'escape' },
      operands: 'command',
      gtfobins: ['shell', 'command'],
    },
    'ssh-add': {
      effects: 'write',
      worst: 'escape write',
      known: '-cCdDkKqvxX -E= -h= -H= -t= -T=',
      options: { '-l -L': { sets: 'read' }, '-s= -e= -S=': 'escape' },
      operands: 'path',
    },
    'ssh-argv0 ssh-import-id ssh-import-id-gh ssh-import-id-lp': 'transfer write privilege',
    sshpass: {
      effects: 'transfer',
      syntax: 'posix',
      known: '-hvV -d= -p= -P= -e=?',
      options: { '-f=': 'read path' },
      operands: 'command',
      gtfobins: ['shell', 'file-read'],
    },
    sshfs: {
      effects: 'transfer privilege',
      worst: 'transfer privilege escape',
      known: '-dfs -C -p=',
      options: {
        '-o=': { patterns: { '*[Cc]ommand*': { effects: 'escape' }, '*': 'word' } },
        '-F=': 'escape',
        '-V -h --version --help': { sets: 'read' },
      },
      operands: ['transfer host', 'write path'],
      gtfobins: ['shell'],
    },
    sshuttle: { effects: 'escape transfer privilege', worst: 'escape transfer privilege', gtfobins: ['shell'] },
    'mosh mosh-client et': { effects: 'escape transfer', worst: 'escape transfer', options: HELP, operands: 'host' },
    'mosh-server etserver': { effects: 'escape transfer', worst: 'escape transfer', gtfobins: ['shell'] },
    'sshd dropbear tinysshd': {
      effects: 'escape transfer privilege',
      worst: 'escape transfer privilege',
      options: { '-t -T -G -V': { sets: 'read' } },
    },
    'dropbearkey dropbearconvert puttygen': 'write',
    'pssh parallel-ssh pdsh clush cssh csshx mussh dsh parallel-scp parallel-rsync parallel-slurp parallel-nuke pdcp rpdcp':
      {
        effects: 'escape transfer',
        worst: 'escape transfer write',
        options: HELP,
      },

    rsync: {
      effects: 'read',
      worst: 'escape write destroy transfer',
      known:
        '-#  -aAbcCdDEgHhiIjJkKlLmNnopqrRsStuUvWXxyzOP0F -@= -B= -T= --8-bit-output --acls --address= --append --append-verify --archive --atimes --backup --block-size= --blocking-io --bwlimit= --checksum --checksum-choice= --checksum-seed= --chmod= --chown= --compress --compress-choice= --compress-level= --contimeout= --copy-dest= --copy-dirlinks --copy-links --copy-unsafe-links --crtimes --cvs-exclude --debug= --delay-updates --devices --dirs --dry-run --exclude= --executability --existing --fake-super --filter= --force --from0 --fsync --fuzzy --group --groupmap= --hard-links --human-readable --iconv= --ignore-errors --ignore-existing --ignore-missing-args --ignore-non-existing --ignore-times --include= --info= --inplace --itemize-changes --ipv4 --ipv6 --keep-dirlinks --link-dest= --links --list-only --max-alloc= --max-delete= --max-size= --min-size= --mkpath --modify-window= --msgs2stderr --munge-links --no-* --numeric-ids --old-args --old-dirs --omit-dir-times --omit-link-times --one-file-system --open-noatime --outbuf= --out-format= --log-format= --log-file-format= --owner --partial --partial-dir= --perms --port= --preallocate --progress --protect-args --secluded-args --protocol= --prune-empty-dirs --quiet --recursive --relative --safe-links --size-only --skip-compress= --sockopts= --sparse --specials --stats --stderr= --stop-after= --stop-at= --suffix= --temp-dir= --timeout= --times --trust-sender --update --usermap= --verbose --whole-file --xattrs --compare-dest= --backup-dir=',
      options: {
        '-e= --rsh=': remoteShell,
        '--rsync-path= --daemon --config= -M= --remote-option= --early-input=': 'escape',
        '--del --delete --delete-before --delete-during --delete-delay --delete-after --delete-excluded --delete-missing-args --remove-source-files --remove-sent-files --super --write-devices --copy-devices':
          'destroy',
        '--log-file= --write-batch= --only-write-batch=': written,
        '--read-batch=': { argument: 'path', adds: 'write' },
        '--files-from= --exclude-from= --include-from= --password-file=': 'path',
        '--help --version -V': { sets: 'read' },
      },
      operands: remoteOrPath,
      last: remoteOrWritten,
      gtfobins: ['shell', 'command', 'upload', 'download'],
    },
    'unison lsyncd syncthing csync2 osync rdist zsync zsync2 rdup': { ...fetcher, effects: 'escape transfer write' },
    'croc wormhole magic-wormhole': { effects: 'transfer write', worst: 'transfer write', operands: 'path' },
    rclone: {
      effects: 'transfer',
      worst: 'escape write destroy transfer',
      known:
        '-v -q -n -P -i --verbose --quiet --dry-run --progress --stats= --transfers= --checkers= --bwlimit= --exclude= --include= --filter= --max-age= --min-age= --max-size= --min-size= --log-level= --fast-list --checksum --size-only --update --immutable --retries= --timeout= --human-readable -R --recursive -F= --format= -s= --separator= --files-only --dirs-only --max-depth= --json --long --backup-dir= --ignore-existing --s3-*',
      options: {
        '--config= --files-from= --exclude-from= --include-from= --filter-from=': 'path',
        '--log-file= --cache-dir= --temp-dir=': 'write path',
        '--password-command= --rc --rc-addr= --sftp-ssh= --metadata-mapper=': 'escape',
        '--delete-* --max-delete=': 'destroy',
        '--help -h --version -V': { sets: 'read' },
      },
      globalOptions: true,
      subcommands: {
        'ls lsl lsd lsf lsjson size md5sum sha1sum hashsum check cryptcheck cat tree about ncdu test listremotes link':
          'transfer',
        version: 'read',
        'copy copyto copyurl mkdir touch settier rcat backend authorize': 'transfer write',
        'sync bisync move moveto delete deletefile purge rmdir rmdirs cleanup dedupe': 'transfer write destroy',
        'config obscure genautocomplete completion selfupdate': 'write transfer',
        'serve mount mount2 nfsmount rcd rc gui': 'escape transfer privilege',
      },
    },

    // Prompts
    'ftp lftp ncftp tnftp pftp ftp-ssl yafc cftp gftp': prompt,
    'ncftpget ncftpput ncftpls ncftpbatch lftpget': fetcher,
    'atftp tftp-hpa': {
      effects: 'transfer write',
      worst: 'transfer write',
      operands: 'host',
      gtfobins: ['upload', 'download'],
    },
    'telnet tn3270 telnet-ssl': prompt,
    'rlogin rsh rcp rexec remsh rwho rusers': prompt,
    'smbclient smbget rpcclient smbcacls smbcquotas smbspool': prompt,
    smbtree: { effects: 'transfer', worst: 'transfer' },
    'irssi weechat weechat-curses ircii bitchx finch profanity': prompt,
    jwhois: {
      effects: 'transfer',
      worst: 'transfer',
      known: '-aAbBcCdFGHIKlLmMQrRxX -g= -h= -i= -p= -q= -s= -t= -T= -v= -S',
      operands: 'other',
      gtfobins: ['upload', 'download'],
    },
    'vncviewer xfreerdp rdesktop remmina xtightvncviewer tigervnc spicy virt-viewer x11vnc vncserver xpra x2goclient teamviewer anydesk rustdesk':
      {
        effects: 'escape transfer',
        worst: 'escape transfer',
        options: HELP,
      },

    // Directories
    ldbrename: 'write privilege escape',

    // Brokers and messages
    'amqp-publish amqp-consume amqp-get': {
      effects: 'transfer',
      worst: 'transfer',
      operands: 'other',
    },
    // Printers
    lp: { effects: 'transfer', worst: 'transfer', operands: 'read path', gtfobins: ['upload', 'file-read'] },
    'lpstat lpinfo': 'read',
    'cancel lprm': { effects: 'destroy transfer', worst: 'destroy transfer', gtfobins: ['upload'] },
    'lpadmin lpoptions lpmove cupsaccept cupsreject cupsenable cupsdisable cupsctl': 'write',
    cupsfilter: {
      effects: 'read',
      worst: 'escape write',
      options: { '-d= -P= -c= -D': 'write', '-i= -m= -n= -o= -t=': 'word' },
      operands: 'path',
      gtfobins: ['file-read'],
    },
    'efax fax sendfax': { effects: 'transfer', worst: 'escape transfer', operands: 'path', gtfobins: ['file-read'] },
  },
} satisfies Family
