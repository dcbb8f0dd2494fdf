/**
 * Web and application servers and their controls. A configuration file from the command line may load modules and
 * run programs, so it is `escape`; testing the one in place is `read`.
 */
import type { Family, LongEntry, Role } from '../schema.ts'

/** A configuration where the packages keep theirs; any other may be anybody's. */
const config: Role = {
  patterns: {
    '*..*': { is: 'path', effects: 'escape' },
    '/etc/*': 'path',
    '/usr/local/etc/*': 'path',
    '*': { is: 'path', effects: 'escape' },
  },
}
const apachectl: LongEntry = {
  bare: 'write',
  gtfobins: ['file-read', 'shell'],
  known: '-X -e= -E= -D=',
  options: {
    '-t -S -v -V -l -L -M -h -T': { sets: 'read', operands: 'word' },
    '-k=': {
      argument: {
        patterns: {
          start: { effects: 'write' },
          restart: { effects: 'write' },
          graceful: { effects: 'write' },
          '*': { effects: 'write destroy' },
        },
      },
      operands: 'word',
    },
    '-f= -d=': config,
    '-c= -C=': 'escape',
  },
  operands: { patterns: { configtest: 'word', status: 'word', fullstatus: 'word', '*': { effects: 'write' } } },
}

export const webServers = {
  name: 'web-servers',
  sources: [
    'nginx.org/en/docs/switches.html',
    'https://httpd.apache.org/docs/2.4/programs/',
    'https://docs.haproxy.org/3.0/management.html',
    'https://caddyserver.com/docs/command-line',
    'https://eff-certbot.readthedocs.io',
    'https://gtfobins.github.io (apache2ctl, certbot, nginx)',
  ],
  commands: {
    'nginx openresty angie tengine freenginx': {
      effects: 'write',
      gtfobins: ['library-load', 'file-read', 'file-write'],
      known: '-q',
      options: {
        '-t -T -v -V -h -?': { sets: 'read' },
        '-s=': { patterns: { reload: 'word', reopen: 'word', quit: 'word', '*': 'word' } },
        '-c= -p=': config,
        '-e=': 'write path',
        '-g=': { patterns: { 'daemon off;': 'word', 'daemon on;': 'word', '*': { effects: 'escape' } } },
      },
    },
    'apachectl apache2ctl': apachectl,
    'apache2 httpd': apachectl,
    a2query: 'read',
    'a2ensite a2dissite a2enconf a2disconf': 'write',
    'a2enmod a2dismod': 'write escape',
    'htpasswd htdigest htdbm': {
      effects: 'write privilege',
      worst: 'write privilege',
      known: '-b -i -m -2 -5 -B -C= -r= -d -s -p -D -v',
      options: { '-n': { sets: 'read' }, '-c': 'destroy' },
      operands: ['write path', 'word'],
    },
    'wrk2 vegeta h2load httperf bombardier k6 locust': { effects: 'transfer', worst: 'transfer write escape' },
    rotatelogs: ['write', 'word'],
    'apxs suexec logresolve fcgistarter': 'escape write',
    haproxy: {
      effects: 'write',
      known: '-V -q -d -D -db -dp -dS -dM=? -W -Ws -S= -n= -m= -N= -L= -st= -sf= -x= -dr -dR -dV -dL -dC -dW -dZ',
      options: { '-c': { sets: 'read' }, '-v -vv -h': { sets: 'read' }, '-f= -C=': config, '-p=': 'write path' },
      syntax: 'single-dash',
    },
    'hatop halog': 'read escape',
    caddy: {
      effects: 'read',
      subcommands: {
        'version list-modules environ build-info help completion': 'read',
        'validate adapt': 'read',
        fmt: { effects: 'read', worst: 'write', options: { '-w --overwrite': 'write' }, operands: 'path' },
        'hash-password storage': 'read write transfer',
        'reload start stop trust untrust': 'write',
        'run file-server reverse-proxy respond': 'transfer escape write',
        'add-package remove-package upgrade': 'transfer write',
      },
    },
    'traefik envoy varnishd lighttpd squid nginx-unit unitd h2o hiawatha trafficserver': 'escape write',
    'lighttpd-enable-mod lighttpd-disable-mod lighty-enable-mod lighty-disable-mod': 'write',
    'varnishstat varnishlog varnishtop varnishhist': {
      effects: 'read',
      worst: 'read write',
      known: '-1 -b -c -C -d -g= -h= -i= -I= -k= -L= -n= -N= -q= -r= -R= -t= -T= -v -x= -X= -E -f= -j -V -l',
      options: { '-w= -P=': 'write path', '-A -a -D': 'write' },
    },
    varnishncsa: {
      effects: 'read',
      worst: 'read write',
      gtfobins: ['file-write'],
      known: '-b -c -C -d -E -f= -F= -g= -h= -i= -I= -k= -L= -n= -N= -q= -r= -R= -t= -v -x= -X= -V',
      options: { '-w= -P=': 'write path', '-a -D': 'write' },
    },
    varnishadm: {
      effects: 'read',
      bare: 'escape',
      needs: 1,
      known: '-n= -S= -T= -t= -p',
      operands: [
        {
          patterns: {
            status: 'word',
            ping: 'word',
            'vcl.list': 'word',
            'vcl.show': 'word',
            'backend.list': 'word',
            'param.show': 'word',
            'panic.show': 'word',
            'storage.list': 'word',
            'ban.list': 'word',
            banner: 'word',
            help: 'word',
            '*': { effects: 'write destroy escape' },
          },
        },
        'word',
      ],
    },
    varnishreload: 'write',
    squidclient: 'transfer read',
    'php-fpm php-fpm7.4 php-fpm8.0 php-fpm8.1 php-fpm8.2 php-fpm8.3 php-fpm8.4': {
      effects: 'escape write',
      options: {
        '-t --test -v --version -i --info -m --modules -h --help': { sets: 'read' },
        '-c= --php-ini= -y= --fpm-config= -p= --prefix= -d= -z= --zend-extension=': 'escape',
      },
      known: '-n -e -D --daemonize -F --nodaemonize -O --force-stderr -R --allow-to-run-as-root -q --no-php-ini',
    },
    'phpenmod phpdismod phpquery': 'write',
    'gunicorn uvicorn hypercorn daphne uwsgi waitress-serve celery flower passenger pm2-runtime': 'escape write',
    pm2: {
      effects: 'read',
      known:
        '--no-color -s --silent -m --mini-list --lines= --nostream --raw --timestamp= --json --format -V --version -h --help --update-env -f --force -a --only= --watch -n= --name= -i=',
      subcommands: {
        'list ls l status ps jlist prettylist sysmonit slist describe show info desc logs env id pid prettyconf report ping inspect':
          { effects: 'read', worst: 'read' },
        'start serve exec deploy set install module:install trigger startup unstartup attach repl startOrRestart startOrReload startOrGracefulReload resurrect':
          'write escape',
        'restart reload stop scale reset save dump reloadLogs gracefulReload sendSignal cleardump link unlink': 'write',
        'delete del kill flush unset uninstall module:uninstall': 'destroy',
        'monit dashboard': 'read',
        'update updatePM2 ecosystem init monitor unmonitor get conf config multiset': 'write',
      },
    },
    circusd: 'escape',
    circusctl: 'write escape',
    'rc-svc': {
      effects: 'write',
      known: '-v -w=',
      options: { '-u -d -o -p -c -h -a -i -1 -2 -r -q': 'write', '-t -k -x': 'destroy' },
      operands: [{ patterns: { status: 'word', check: 'word', '*': { effects: 'write' } } }, 'unit'],
    },
    's6-svok': ['read', 'unit'],

    certbot: {
      effects: 'transfer write',
      gtfobins: ['shell', 'command'],
      known:
        '-v --verbose -n --non-interactive --noninteractive --force-interactive -q --quiet --dry-run -d= --domains= --domain= --cert-name= --email= -m= --agree-tos --no-eff-email --eff-email --nginx --apache --standalone --webroot --preferred-challenges= --key-type= --rsa-key-size= --elliptic-curve= --must-staple --redirect --no-redirect --hsts --staple-ocsp --expand --renew-by-default --force-renewal --keep --keep-until-expiring --reinstall --test-cert --staging --allow-subset-of-names --http-01-port= --http-01-address= --no-random-sleep-on-renew --register-unsafely-without-email --reuse-key --new-key --no-directory-hooks --debug --debug-challenges --authenticator= -a= --installer= -i= --configurator= --dns-cloudflare --dns-route53 --dns-google --dns-digitalocean --dns-rfc2136 --dns-cloudflare-propagation-seconds= --eab-kid= --eab-hmac-key= --preferred-chain= --max-log-backups= --issuance-timeout= --reason= --no-delete-after-revoke --user-agent= --no-self-upgrade --non-interactive',
      options: {
        '-c= --config= --config-dir= --work-dir= --logs-dir=': config,
        '-w= --webroot-path= --cert-path= --key-path= --fullchain-path= --chain-path= --csr=': 'path',
        '--server=': 'transfer url',
        // Shell commands, run now and at each renewal.
        '--pre-hook= --post-hook= --renew-hook= --deploy-hook= --manual-auth-hook= --manual-cleanup-hook=': 'shell',
        '--manual --manual-public-ip-logging-ok': 'escape',
        '--apache-ctl= --nginx-ctl= --apache-server-root= --nginx-server-root= --apache-bin= --apache-enmod= --apache-dismod=':
          'escape',
        '--delete-after-revoke': 'destroy',
        '-h --help --version': { sets: 'read' },
        '--dns-cloudflare-credentials= --dns-google-credentials= --dns-digitalocean-credentials= --dns-rfc2136-credentials=':
          'path',
      },
      globalOptions: true,
      needs: 1,
      bare: 'transfer write',
      subcommands: {
        'certificates show_account plugins': 'read',
        'run certonly renew certify install enhance register update_account update_symlinks reconfigure rollback config_changes everything':
          { effects: 'transfer write' },
        'delete revoke unregister': 'destroy transfer',
      },
    },
    'acme.sh lego dehydrated getssl acmetool acme-tiny simp_le step step-ca mkcert': 'transfer write privilege escape',
    'occ magento drupal': 'escape write destroy',
    'catalina.sh startup.sh shutdown.sh asadmin jboss-cli.sh standalone.sh wildfly': 'escape write destroy',
  },
} satisfies Family
