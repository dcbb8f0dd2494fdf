/**
 * Mail. Sending takes data out of the host; readers have a shell escape (`!`, `~!`), and so has `mail` with a body from
 * a terminal; delivery agents run filters; a mail server's own tools look at the queue, change it or empty it.
 */
import type { Family, LongEntry } from '../schema.ts'

const HELP = { '--help --version': { sets: 'read' } } as const
const reader: LongEntry = {
  effects: 'escape transfer',
  worst: 'escape transfer write',
  options: HELP,
  operands: 'user',
  gtfobins: ['shell', 'file-read'],
}

export const mail = {
  name: 'mail',
  sources: [
    'mailutils 3.15, bsd-mailx 8.1, s-nail 14.9, mutt 2.2, Postfix 3.7, Exim 4.96, msmtp 1.8 manual pages',
    'https://gtfobins.github.io',
  ],
  commands: {
    // From a terminal, `~!` in the body runs a command.
    'mail mailx Mail s-nail nail heirloom-mailx bsd-mailx mail.mailutils': {
      ...reader,
      known:
        '-#  -BdEeFHiInNtvVwRD~ -s= -c= -b= -r= -q= -h= -u= -X= -T= -m= -M= -C= -O= -. -: --subject= --to= --cc= --bcc= --return-address= --append= --encoding= --content-type= --content-name= --quiet --nosum --user=? --print --headers --byname --exist',
      options: {
        ...HELP,
        '-a= -A= -f=? --attach= --file=?': 'path',
        '-S= -E= --exec= -Y= --set=': 'escape',
      },
    },
    'mutt neomutt alpine pine elm sup nmh aerc himalaya cone evolution thunderbird claws-mail': reader,
    'biff mailq frm from mailstats newmail coolmail': 'read',
    'sendmail sendmail.postfix sendmail.sendmail exim exim4': {
      effects: 'transfer',
      worst: 'escape transfer write destroy',
      known:
        '-G -i -m -n -t -v -ti -it -B= -f= -f* -F= -F* -h= -L= -N= -O= -r= -r* -R= -oi -oem -oee -oep -oeq -om -odb -odq -odi -odf',
      options: {
        '-bp -bV -bt -bv': { sets: 'read' },
        // Another configuration, a debugger's expansion, a daemon, and what exim does to messages.
        '-C* -be* -bd* -bm* -D* -M* -q* -X* -ps* -bD -bh* -bi -I -oA*': 'escape write',
      },
      syntax: 'single-dash',
      operands: 'user',
      gtfobins: ['file-read', 'file-write', 'command'],
    },
    newaliases: 'write',
    'postqueue qshape': {
      effects: 'read',
      worst: 'read write transfer',
      known: '-pjv -c=',
      options: { '-f -i= -s=': 'write transfer' },
    },
    postcat: ['read', 'path'],
    postconf: {
      effects: 'read',
      worst: 'write',
      known: '-aAbCdfhHlmMnoPptTvxF -c=',
      options: { '-e -X -#': 'write' },
    },
    'postmap postalias': {
      effects: 'write',
      worst: 'write destroy',
      known: '-bfFhimnNoprsuUvw -c=',
      options: { '-q=': { sets: 'read' }, '-s': { sets: 'read' }, '-d=': 'destroy' },
      operands: 'write path',
    },
    postsuper: {
      effects: 'write',
      worst: 'write destroy',
      known: '-psv -c=',
      options: { '-d=': 'destroy', '-h= -H= -r= -e= -f=': 'write' },
    },
    postfix: {
      effects: 'write',
      options: { '-c= -D -v': {} },
      subcommands: {
        'status check': 'read',
        'start stop abort reload flush start-fg drain upgrade-configuration set-permissions': 'write',
        '*': 'write',
      },
    },
    'postlog postkick postlock postmulti postdrop postscreen': 'write',
    'exiqgrep exiqsumm eximstats exigrep pflogsumm exiwhat': 'read',
    exim_tidydb: 'write',
    'exinext exipick': 'read',
    doveadm: {
      effects: 'read',
      options: { '-v -D': {}, '-o= -c=': 'word' },
      subcommands: {
        'who log config help version': 'read',
        'mailbox search fetch quota user auth index acl pw stats process service': 'read write transfer',
        'kick stop expunge purge': 'destroy',
        '*': 'write destroy transfer escape',
      },
    },
    doveconf: 'read',
    'spamassassin spamc sa-learn sa-update rspamc rspamadm amavisd-new': 'write transfer',
    'msmtp msmtpq msmtp-queue ssmtp esmtp nullmailer-send nullmailer-inject dma opensmtpd smtpctl swaks sendemail smtp-cli bsmtp mini_sendmail':
      {
        effects: 'transfer',
        worst: 'escape transfer write',
        options: {
          '--passwordeval= -C* --file= --config= -X* --logfile= --debug-file=': 'escape write',
          '--help --version': { sets: 'read' },
        },
        operands: 'user',
        known:
          '-tiv -f= -F= -a= --account= --from= --to= --server= --port= --auth=? --tls=? --host= --user= --read-envelope-from --read-recipients --header= --body= --data= --h-Subject=',
      },
    // Delivery and fetching run filters
    'procmail maildrop mailfilter sieve-filter sieve-test fdm': {
      effects: 'escape write',
      worst: 'escape write',
      gtfobins: ['shell'],
    },
    'fetchmail getmail getmail4 getmail6 mbsync isync offlineimap mpop popclient imapsync': 'escape transfer write',
    'formail reformail': {
      effects: 'read',
      worst: 'escape write',
      known: '-bcdfkqrtYz -B -e -m= -n=? -p= -x= -X= -a= -A= -i= -I= -u= -U= -R==  -D==',
      options: { '-s': { operands: { is: 'command' } } },
    },
    lockfile: 'write',
    'munpack ripmime uudeview metamail': ['write', 'path'],
    'mpack metasend': { effects: 'transfer', worst: 'transfer write escape', operands: 'path' },
    'vacation mailman': 'write',
    'talk ytalk': 'transfer',
  },
} satisfies Family
