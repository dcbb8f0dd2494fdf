/**
 * Monitoring. A full-screen monitor in which a key kills a process is `destroy`; the same tool in batch mode only
 * looks. Recording to a file is `write`.
 */
import type { Entry, Family, LongEntry } from '../schema.ts'

/** Interactive: signals can be sent to any process of the user's. */
const killer = (known: string, batch: string): LongEntry => ({
  effects: 'read destroy',
  worst: 'read destroy',
  known,
  options: { [`${batch} -h --help -V --version`]: { sets: 'read' } },
})
const client: Readonly<Record<string, Entry>> = {
  'status show list get query version check test describe search help info top print view': 'read',
  'delete remove purge': 'destroy',
  '*': 'write transfer',
}

export const monitoring = {
  name: 'monitoring',
  sources: [
    'manual pages of htop 3.2, sysstat 12.6, atop 2.8',
    'https://prometheus.io/docs',
    'https://www.zabbix.com/documentation',
    'https://www.monitoring-plugins.org',
    'https://gtfobins.github.io (top, check_*)',
  ],
  commands: {
    'pcp-htop': killer(
      '-d= --delay= -C --no-color --no-colour -F= --filter= -H=? --highlight-changes=? -M --no-mouse -p= --pid= -s= --sort-key= -t --tree -u=? --user=? -U --no-unicode --max-iterations= -n=',
      '--readonly',
    ),
    'vtop zenith gotop nvitop s-tui below': killer('-b -p= -u= -lc -t -d= -r= -C=', '--batch'),
    'atopconvert atophide': { effects: 'read', worst: 'read write' },
    'iotop-py': {
      effects: 'read',
      worst: 'read write',
      known:
        '-o --only -b --batch -n= --iter= -d= --delay= -p= --pid= -u= --user= -P --processes -a --accumulated -k --kilobytes -t --time -q --quiet -qq -qqq --no-help',
    },
    'iptraf speedometer tcptrack cbm vnstati nicstat darkstat': { effects: 'read', worst: 'read write transfer' },
    xentop: 'read',
    'sensors-detect pwmconfig fancontrol': 'write privilege',
    mountstats: { effects: 'read', worst: 'read write', options: { '-z': 'write' } },
    'dool collectl': {
      effects: 'read',
      worst: 'read write escape',
      gtfobins: ['shell'],
      known:
        '-a -c -C= -d -D= -f -g -i -I= -l -m -M= -n -N= -p -r -s -S= -t -T -u -v -V -y --all --aio --fs --ipc --lock --mem --net --raw --socket --tcp --udp --unix --vm --noheaders --nocolor --noupdate --bits --float --integer --bw --color --top-cpu --top-mem --top-io --top-bio --top-latency --disk-util --list --full --cpu --disk --page --sys --time --load --proc --swap',
      options: { '--output=': 'write path' },
    },
    'pmprobe pmdumptext pmlogsummary': 'read',
    'pmstore pmlogger pmcd pmlogctl': 'write',

    promtool: {
      effects: 'read',
      subcommands: {
        check: { effects: 'read', worst: 'read' },
        'query debug': 'read transfer',
        test: 'read',
        push: 'transfer write',
        tsdb: { effects: 'write', subcommands: { 'list analyze dump dump-openmetrics': 'read', '*': 'write' } },
      },
    },
    amtool: {
      effects: 'read',
      known: '--output= -o= --verbose -v --timeout=',
      options: { '--alertmanager.url= --http.config.file= --config.file=': 'transfer' },
      subcommands: {
        'check-config config cluster template': 'read',
        'alert silence': {
          effects: 'read',
          subcommands: { query: 'read', 'add update import': 'write', expire: 'destroy', '*': 'write' },
        },
      },
    },
    'prometheus alertmanager node_exporter blackbox_exporter pushgateway grafana-server loki td-agent telegraf otelcol collectd statsd carbon-cache netdata':
      'write transfer escape',
    'grafana-cli grafana logcli mimirtool cortextool tempo-cli sensuctl icingacli nagios nrpe naemon icinga2 shinken': {
      effects: 'read',
      worst: 'write transfer escape privilege',
      subcommands: client,
    },
    netdatacli: 'write',
    'zabbix_get zabbix_js': { effects: 'read transfer', worst: 'read transfer escape' },
    zabbix_sender: 'transfer',
    'zabbix_agentd zabbix_agent2 zabbix_server zabbix_proxy': {
      effects: 'write privilege escape',
      known: '-f --foreground',
      options: {
        '-p --print -T --test-config -V --version -h --help': { sets: 'read' },
        // An item may be `system.run[…]`, or a UserParameter, which is a command of the configuration.
        '-t= --test=': 'escape',
        '-c= --config=': { is: 'path', effects: 'escape' },
        '-R= --runtime-control=': 'write',
      },
    },
    'check_http check_tcp check_ping check_icmp check_dns check_smtp check_ssh check_ntp check_ntp_time check_snmp check_ldap check_pgsql check_mysql check_nrpe check_udp check_dhcp check_imap check_pop check_ftp check_curl':
      { effects: 'read transfer', worst: 'read transfer', operands: 'host' },
    'check_load check_disk check_procs check_users check_swap check_uptime check_mailq check_sensors check_apt check_file_age check_ups check_ide_smart':
      { effects: 'read', worst: 'read' },
    'check_log check_raid check_memory check_cups check_statusfile': {
      effects: 'read',
      gtfobins: ['file-read', 'file-write', 'shell'],
      worst: 'read write',
      options: { '-O=': 'write path', '-F=': 'read path' },
    },
    check_by_ssh: { effects: 'transfer escape', gtfobins: ['shell'], worst: 'transfer escape' },
    'check_ssl_cert check_negate negate urlize check_dummy': 'escape read transfer',
    'snmpget snmpgetnext snmpwalk snmpbulkget snmpbulkwalk snmptable snmpdf snmpstatus snmptranslate snmpnetstat snmpdelta':
      {
        effects: 'read',
        worst: 'read write transfer',
        known:
          '-v= -c= -u= -l= -a= -A= -x= -X= -r= -t= -O= -I= -C= -m= -M= -n= -E= -e= -Z= -d -D= -P= -h -H -V -T= -p= -R -W=',
        options: { '-L=': 'write' },
        operands: ['host', 'word'],
      },
    'snmpset snmptrap snmpinform snmpusm snmpvacm snmpconf': 'write transfer',
    'snmpd snmptrapd': 'escape privilege',
    'datadog-agent newrelic-infra dd-agent splunk dynatrace oneagentctl check_mk_agent cmk': {
      effects: 'read',
      worst: 'write transfer escape',
      subcommands: client,
    },
    'munin-run munin-node-configure munin-cron monitorix cacti-poller rrdupdate rrdcached': 'write escape',
    rrdtool: {
      effects: 'read',
      bare: 'escape',
      needs: 1,
      subcommands: {
        'info fetch first last lastupdate xport dump': 'read',
        'create update updatev restore resize tune graph graphv flushcached': 'write',
        '-': 'escape',
      },
    },
    'logcheck swatch swatchdog': { effects: 'escape read', worst: 'escape read write' },
    'smokeping weathermap nagiosgraph': 'write escape',
    'xpu-smi radeontop': {
      effects: 'read',
      worst: 'read write',
      known:
        '-q --query -x -l= --loop= -lms= --loop-ms= -i= --id= -d= --display= -L --list-gpus -B --query-gpu= --query-compute-apps= --format= --showuse --showtemp --showmeminfo= --showall',
      options: {
        '-pm= --persistence-mode= -pl= --power-limit= -c= --compute-mode= -e= --ecc-config= -r --gpu-reset -lgc= -rgc -ac= -rac -mig= -f= --filename=':
          'write',
      },
      operands: 'word',
    },
  },
} satisfies Family
