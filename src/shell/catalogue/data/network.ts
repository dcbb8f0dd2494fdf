/**
 * Looking at the network, changing it, and moving data through it. Asking a name server or another host (ping, dig) is
 * `read` while the text says what is asked; a name that is made of something else can carry it away, so it is `transfer`.
 * Rule sets are like files: a rule added or taken away is `write`, a chain flushed is `destroy`.
 */
import type { Entry, Family, LongEntry, Role } from '../schema.ts'

const HELP = { '--help --version': { sets: 'read' } } as const
const asker = (known = '', more: LongEntry = {}): LongEntry => ({
  effects: 'read',
  worst: 'read',
  known,
  operands: 'host',
  ...more,
})

const IP_SHOW = 'show list ls lst get help showdump'
const IP_CHANGE = 'add append change chg replace prepend delete del test bind unbind attach update'
const ipObject = (more: Readonly<Record<string, Entry>> = {}): LongEntry => ({
  effects: 'read',
  syntax: 'single-dash',
  abbreviates: true,
  subcommands: {
    [IP_SHOW]: 'read',
    [IP_CHANGE]: 'write',
    'save monitor': 'read',
    'flush deleteall delall restore': 'destroy',
    ...more,
  },
})
const IP_KNOWN =
  '-4 -6 -0 -B -M -I -D -o -oneline -s -st -stat -stats -statistics -d -de -det -detail -details -r -re -resolve -h -human -human-readable -iec -j -js -json -p -pretty -br -bri -brief -c=? -col=? -color=? -t -ts -timestamp -tshort -N -Numeric -echo -l= -loops= -rc= -rcvbuf= -f= -family= -V -Version'

const FIREWALL_KNOWN =
  '-46fnvx -w=? -W= -t= -p= -s= -d= -j= -g= -i= -o= -m= --line-numbers --numeric --verbose --exact --table= --protocol= --proto= --source= --src= --destination= --dst= --jump= --goto= --in-interface= --out-interface= --fragment --match= --wait=? --wait-interval= --ipv4 --ipv6 --dport= --sport= --dports= --sports= --ports= --state= --ctstate= --icmp-type= --icmpv6-type= --limit= --limit-burst= --to-destination= --to-source= --to-ports= --to= --reject-with= --log-prefix= --log-level= --comment= --mac-source= --uid-owner= --gid-owner= --set-mark= --mark= --tcp-flags== --syn --set-xmark= --restore-mark --save-mark --name= --seconds= --hitcount= --update --rcheck --set --random --masquerade -c=='
const firewall: LongEntry = {
  effects: 'read',
  known: FIREWALL_KNOWN,
  options: {
    ...HELP,
    '-L -S -C --list --list-rules --check -h': 'read',
    '-A= -I= -R= -N= -E= -P= -D= --append= --insert= --replace= --new-chain= --new= --rename-chain= --policy= --delete=':
      'write',
    '-Z --zero --set-counters==': 'write',
    '-F -X --flush --delete-chain': 'destroy',
    '--modprobe= -M=': 'escape',
  },
  operands: 'word',
}
const xtablesSave: LongEntry = {
  effects: 'read',
  known: '-c --counters -t= --table=',
  options: { ...HELP, '-f= --file=': 'destroy path', '-M= --modprobe=': 'escape' },
}
const xtablesRestore: LongEntry = {
  effects: 'destroy write',
  worst: 'destroy write escape',
  known: '-c --counters -n --noflush -v -w=? -W= -T= --table= --wait=? --wait-interval=',
  options: { '-h --help -V --version -t --test': { sets: 'read' }, '-M= --modprobe=': 'escape' },
  operands: 'read path',
}
const nftList: Role = { patterns: { '*;*': { effects: 'destroy' }, '*\n*': { effects: 'destroy' }, '*': 'word' } }

export const network = {
  name: 'network',
  sources: [
    'iproute2 6.1, net-tools 2.10, iptables 1.8.9, nftables 1.0.6, ethtool 6.1, NetworkManager 1.42 manual pages',
    'nmap 7.93, OpenBSD and traditional netcat, socat 1.7, tcpdump 4.99, wireshark 4.0, BIND 9.18 manual pages',
    'https://gtfobins.github.io',
  ],
  commands: {
    ip: {
      effects: 'read',
      syntax: 'single-dash',
      known: IP_KNOWN,
      options: {
        '-n= -net= -netns=': 'privilege other',
        '-b= -ba= -batch=': 'opaque path',
        '-force': 'word',
        // `-all netns exec cmd` has no name before the command.
        '-a -al -all': 'escape privilege',
      },
      abbreviates: true,
      subcommands: {
        'address addr': ipObject({ 'home mngtmpaddr': 'write' }),
        link: ipObject({
          xstats: 'read',
          afstats: 'read',
          property: 'write',
          set: {
            effects: 'write',
            syntax: 'single-dash',
            operands: { patterns: { 'xdp*': { effects: 'privilege' }, netns: { effects: 'privilege' }, '*': 'word' } },
          },
        }),
        'route rule neighbor neighbour addrlabel': ipObject(),
        'ntable tunnel tuntap token nexthop macsec maddress mrule mroute fou ila ioam sr mptcp l2tp netconf tcp_metrics tcpmetrics stats':
          ipObject({ 'set limits endpoint': 'write', 'dump counters': 'read' }),
        monitor: 'read',
        xfrm: {
          effects: 'read',
          abbreviates: true,
          subcommands: { 'state policy': ipObject({ 'count getsadinfo': 'read' }), monitor: 'read' },
        },
        netns: {
          effects: 'read',
          abbreviates: true,
          subcommands: {
            'list show ls list-id identify pids monitor': 'read',
            'add set attach': 'write privilege',
            'delete del': 'destroy',
            exec: { effects: 'privilege', syntax: 'single-dash', operands: ['other', 'command'], bare: 'escape' },
          },
        },
        vrf: {
          effects: 'read',
          abbreviates: true,
          subcommands: {
            'show list identify pids help': 'read',
            exec: { effects: 'privilege', syntax: 'single-dash', operands: ['other', 'command'], bare: 'escape' },
          },
        },
        help: 'read',
      },
      gtfobins: ['shell', 'file-read', 'privilege-escalation'],
    },
    ss: {
      effects: 'read',
      known:
        '-hVnraloempTiszbE460tSudwxZHOBQM -A= -f= -N= --numeric --resolve --all --listening --options --extended --memory --processes --threads --info --summary --tos --cgroup --tipcinfo --events --ipv4 --ipv6 --packet --tcp --sctp --mptcp --udp --dccp --raw --unix --tipc --vsock --xdp --inet-sockopt --family= --query= --socket= --net= --context --contexts --no-header --oneline --bpf-maps --bpf-map-id= --bound-inactive --no-queues',
      options: { ...HELP, '-K --kill': 'destroy', '-D= --diag=': 'destroy path', '-F= --filter=': 'read path' },
      operands: 'word',
      gtfobins: ['file-read'],
    },
    'netstat nstat rtacct ifstat lnstat routel ifquery ipcalc sipcalc whatmask': 'read',
    'iftop trafshow': { effects: 'escape', worst: 'escape', gtfobins: ['shell'] },
    'nethogs bmon nload jnettop slurm': 'read',
    ifconfig: {
      effects: 'read',
      syntax: 'single-dash',
      known: '-a -s -v',
      operands: ['other', 'write other'],
      worst: 'write',
    },
    'iwconfig iwpriv vconfig': { effects: 'read', worst: 'write', operands: ['other', 'write other'] },
    'iwlist iwgetid wavemon': 'read',
    iw: {
      effects: 'read',
      syntax: 'single-dash',
      operands: 'word',
      subcommands: {
        'list help event features commands': 'read',
        dev: {
          effects: 'read',
          subcommandAt: 1,
          operands: 'other',
          subcommands: { 'info link scan survey get station': 'read', '*': 'write' },
        },
        reg: { effects: 'read', subcommands: { get: 'read', set: 'write' } },
        phy: {
          effects: 'read',
          subcommandAt: 1,
          operands: 'other',
          subcommands: { 'info channels get': 'read', '*': 'write' },
        },
        '*': 'write',
      },
    },
    route: {
      effects: 'read',
      syntax: 'single-dash',
      known: '-n -e -ee -v -F -C -4 -6 -A= -net -host -inet -inet6 -ne -nee -en -ven',
      subcommands: { 'get show': 'read', '*': 'write', flush: 'destroy' },
      worst: 'write destroy',
    },
    arp: {
      effects: 'read',
      known: '-anveD -i= -H= -t= --all --numeric --verbose --device= --hw-type= -v',
      options: { ...HELP, '-d -s --delete --set': 'write', '-f --file': { adds: 'write', operands: 'read path' } },
      operands: 'host',
      gtfobins: ['file-read'],
    },
    hostname: {
      effects: 'read',
      known:
        '-aAdfiIsyv --alias --all-fqdns --domain --fqdn --long --ip-address --all-ip-addresses --short --yp --nis --node',
      options: {
        '-h --help -V --version': { sets: 'read' },
        '-F= --file=': { adds: 'write', argument: 'path' },
        '-b --boot': 'write',
      },
      operands: 'write host',
      worst: 'write',
    },
    'domainname nisdomainname ypdomainname dnsdomainname': {
      effects: 'read',
      worst: 'write',
      operands: 'write other',
      known: '-v -y',
    },
    'iptables ip6tables iptables-legacy ip6tables-legacy iptables-nft ip6tables-nft ebtables arptables ebtables-nft arptables-nft ebtables-legacy arptables-legacy':
      firewall,
    'iptables-save ip6tables-save iptables-legacy-save iptables-nft-save ip6tables-nft-save ebtables-save arptables-save ip6tables-legacy-save':
      xtablesSave,
    'iptables-restore ip6tables-restore iptables-legacy-restore iptables-nft-restore ip6tables-nft-restore ip6tables-legacy-restore ebtables-restore arptables-restore':
      xtablesRestore,
    'iptables-apply netfilter-persistent': { effects: 'write destroy escape', worst: 'write destroy escape' },
    'iptables-translate ip6tables-translate iptables-xml nfbpf_compile': 'read',
    nft: {
      effects: 'read',
      known:
        '-achjnNsSpyttvVo --handle --json --numeric --numeric-priority --numeric-protocol --numeric-time --reversedns --stateless --service --guid --terse --echo --debug= --check --optimize -d=',
      options: {
        '--help --version': { sets: 'read' },
        '-f= --file=': { adds: 'write destroy opaque', argument: 'path' },
        '-i --interactive': 'write destroy',
        '-D= --define= -I= --includepath=': 'path',
      },
      subcommands: {
        // A word may hold more than one command: `nft list 'ruleset; flush ruleset'`.
        'list describe monitor get': { effects: 'read', worst: 'write destroy', known: '-a -n', operands: nftList },
        'add insert create replace rename import': {
          effects: 'write',
          worst: 'write destroy',
          operands: nftList,
          syntax: 'none',
        },
        'delete flush reset destroy': 'destroy',
        export: { effects: 'read', worst: 'write destroy', operands: nftList },
      },
      gtfobins: ['file-read'],
    },
    ufw: {
      effects: 'read',
      known: '-h --help --version --force',
      options: { '--dry-run': 'word' },
      subcommands: {
        'status show version': 'read',
        app: { effects: 'read', subcommands: { 'list info': 'read', '*': 'write' } },
        'enable disable allow deny reject limit route insert prepend default logging reload': 'write',
        'delete reset': 'destroy',
      },
    },
    'firewall-cmd firewall-offline-cmd': {
      effects: 'read',
      worst: 'write destroy privilege',
      known:
        '-hVqv --help --version --quiet --verbose --state --permanent --zone= --policy= --ipset= --service= --helper= --icmptype= --timeout= --get-default-zone --get-active-zones --get-active-policies --get-zones --get-policies --get-services --get-icmptypes --get-helpers --get-ipsets --get-ipset-types --get-log-denied --get-zone-of-interface= --get-zone-of-source= --get-target --get-description --get-short --get-ports --get-protocols --get-modules --get-includes --get-entries --get-automatic-helpers --list-all --list-all-zones --list-all-policies --list-services --list-ports --list-protocols --list-source-ports --list-icmp-blocks --list-forward-ports --list-rich-rules --list-interfaces --list-sources --list-lockdown-whitelist-commands --list-ingress-zones --list-egress-zones --info-zone= --info-service= --info-policy= --info-icmptype= --info-ipset= --info-helper= --query-* --path-zone= --path-service= --path-ipset= --check-config --name=',
      options: {
        '--add-* --change-* --new-* --set-* --load-* --enable-* --runtime-to-permanent --reload --complete-reload --panic-on --panic-off --lockdown-on --reset-to-defaults':
          'write',
        '--remove-* --delete-*': 'write',
        '--direct --passthrough --lockdown-off --lockdown': 'write destroy privilege',
      },
    },
    ipset: {
      effects: 'read',
      known: '-q -o= -s -r -t -n -! -v --quiet --output= --sorted --resolve --terse --name --exist --version -h',
      options: {
        '-f= -file= --file=': 'destroy path',
        '-A -N -E -W -R': 'write',
        '-D -F -X': 'destroy',
        '-L -S -T': 'read',
      },
      subcommands: {
        'list save test help version -L': 'read',
        'create add del rename swap restore': 'write',
        'destroy flush': 'destroy',
      },
    },
    conntrack: {
      effects: 'read',
      known:
        '-nmgaskjplvhrqtui -o= -s= -d= -r= -q= -p= -f= -t= -u= -e= -b= -n= -g= -j= -m= -l= -w= -z --src= --dst= --orig-src= --orig-dst= --proto= --state= --mark= --dport= --sport= --zone= --output= --any-nat --src-nat --dst-nat --status= --family= --timeout= --label= --reply-src= --reply-dst= --orig-port-src= --orig-port-dst=',
      options: {
        ...HELP,
        '-L --dump --list -G --get -E --event -S --stats -C --count': 'word',
        '-I --create -U --update -A --add -R= --load-file=': 'write',
        '-D --delete -F --flush': 'destroy',
      },
      operands: 'word',
    },
    'fail2ban-client': {
      effects: 'read',
      known: '-c= -s= -p= -v -q -d -i --str2sec= --dp -t',
      options: { '-h -V --help --version': { sets: 'read' } },
      subcommands: {
        'status ping banned version echo': 'read',
        get: 'read',
        'start restart reload unban stop': 'write',
        // Actions are shell commands that run as root.
        '*': 'write privilege escape',
      },
    },
    'fail2ban-regex': ['read', 'path'],
    tc: {
      effects: 'read',
      syntax: 'single-dash',
      known: `${IP_KNOWN} -raw -g -graph -nm -names -OK -conf= -cf=`,
      options: { '-n= -net= -netns=': 'privilege other', '-b= -batch=': 'opaque path', '-force': 'word' },
      abbreviates: true,
      subcommands: {
        'qdisc class filter chain action actions': {
          effects: 'read',
          syntax: 'single-dash',
          abbreviates: true,
          subcommands: {
            'show list ls get lst help': 'read',
            'add change replace link update': {
              effects: 'write',
              syntax: 'none',
              operands: {
                patterns: { 'bpf*': { effects: 'privilege' }, 'obj*': { effects: 'privilege' }, '*': 'word' },
              },
            },
            'delete del flush': 'destroy',
          },
        },
        monitor: 'read',
        exec: 'escape privilege',
        help: 'read',
      },
    },
    bridge: {
      effects: 'read',
      syntax: 'single-dash',
      known: `${IP_KNOWN} -compressvlans`,
      options: { '-n= -net= -netns=': 'privilege other', '-b= -ba= -batch=': 'opaque path', '-force': 'word' },
      abbreviates: true,
      subcommands: { 'link fdb mdb vlan vni': ipObject(), monitor: 'read', help: 'read' },
      gtfobins: ['file-read'],
    },
    'devlink rdma dcb vdpa tipc genl': {
      effects: 'read',
      worst: 'write destroy',
      syntax: 'single-dash',
      subcommands: {
        '*': {
          effects: 'read',
          worst: 'write',
          subcommands: { 'show list ls get help statistic dump info monitor': 'read', '*': 'write destroy' },
        },
      },
    },
    brctl: { effects: 'read', subcommands: { 'show showmacs showstp': 'read', '*': 'write' } },
    bpftool: {
      effects: 'read',
      syntax: 'single-dash',
      known: '-j -p -f -m -n -d -V -h -json -pretty -bpffs -mapcompat -nomount -debug -version -help',
      subcommands: {
        batch: 'opaque',
        '*': {
          effects: 'read',
          subcommands: { 'show list dump tracelog help probe lookup getnext tree': 'read', '*': 'write privilege' },
        },
      },
    },
    ethtool: {
      effects: 'read',
      worst: 'write',
      known:
        '-acgikldemnPSTux -h --version --json -j --debug= --show-* --show-pause --show-coalesce --show-ring --driver --show-offload --show-features --show-channels --register-dump --eeprom-dump --module-info --show-nfc --show-permaddr --statistics --show-time-stamping --show-rxfh --show-eee --show-priv-flags --show-fec --show-tunnels --include-statistics --phy-statistics --all-groups --groups --show-module',
      options: {
        ...HELP,
        '-f -E -W -w --flash --change-eeprom --set-dump --get-dump': 'destroy',
        '-t -p --test --identify --reset -s -A -C -G -K -L -N -U -X -r --change --pause --coalesce --set-ring --offload --features --set-channels --config-nfc --config-ntuple --rxfh --set-eee --set-priv-flags --negotiate --set-fec --set-phy-tunable --set-module':
          'write',
      },
      operands: 'other',
    },
    'mii-tool': {
      effects: 'read',
      known: '-vVwl --verbose --version --watch --log',
      options: { '-R -r -F= -A= --reset --restart --force= --advertise=': 'write' },
      operands: 'other',
    },
    nmcli: {
      effects: 'read',
      known:
        '-atpsvheo -g= -f= -m= -c= -e= -w= --ask --terse --pretty --show-secrets --overview --get-values= --fields= --mode= --colors= --color= --escape= --wait= --version --help --offline --complete-args --order=',
      options: {},
      abbreviates: true,
      subcommands: {
        general: {
          effects: 'read',
          abbreviates: true,
          subcommands: {
            'status permissions': 'read',
            hostname: { effects: 'read', worst: 'write', operands: 'write host' },
            logging: { effects: 'read', worst: 'write', operands: 'write other' },
            reload: 'write',
          },
        },
        networking: { effects: 'read', abbreviates: true, subcommands: { connectivity: 'read', 'on off': 'write' } },
        radio: {
          effects: 'read',
          abbreviates: true,
          subcommands: { 'all wifi wwan': { effects: 'read', worst: 'write', operands: 'write other' } },
        },
        connection: {
          effects: 'read',
          abbreviates: true,
          subcommands: {
            'show monitor help': 'read',
            'up down add modify clone edit reload load migrate': 'write',
            import: 'write privilege',
            export: 'write',
            delete: 'destroy',
          },
        },
        device: {
          effects: 'read',
          abbreviates: true,
          subcommands: {
            'status show monitor help': 'read',
            lldp: 'read',
            wifi: {
              effects: 'read',
              abbreviates: true,
              subcommands: { 'list show-password rescan': 'read', 'connect hotspot': 'write' },
            },
            'set connect reapply modify disconnect up down': 'write',
            delete: 'destroy',
            checkpoint: 'write escape',
          },
        },
        'agent help': 'read',
        monitor: 'read',
      },
    },
    'nmtui nmtui-edit nmtui-connect nmtui-hostname nm-connection-editor': 'write',
    'nm-online': 'read',
    netplan: { effects: 'read', subcommands: { 'get status info ip help': 'read', '*': 'write' } },
    'ifup ifdown ifreload ifenslave wicked netctl wifi-menu': 'write',
    'dhclient dhcpcd udhcpc pump udhcpc6': { effects: 'write escape', worst: 'write escape' },
    'wpa_cli wpa_supplicant hostapd_cli hostapd': 'write escape',
    wg: {
      effects: 'read',
      subcommands: { 'show showconf': 'read', 'genkey genpsk pubkey': 'read', 'set setconf addconf syncconf': 'write' },
    },
    // PostUp of its configuration is a shell text.
    'wg-quick openvpn openvpn3 vpnc openconnect pppd pppoe ocserv': {
      effects: 'write privilege transfer escape',
      worst: 'write privilege transfer escape',
      gtfobins: ['shell', 'file-read'],
    },
    'ipsec swanctl strongswan': {
      effects: 'read',
      subcommands: {
        'status statusall version --stats --list-conns --list-sas --list-certs --list-pols listall': 'read',
        '*': 'write',
      },
      worst: 'write destroy',
    },
    tailscale: {
      effects: 'read',
      subcommands: {
        'status ip netcheck version ping whois metrics': 'read',
        ssh: 'escape transfer',
        '*': 'write transfer privilege',
      },
    },
    'ngrok frpc frps chisel zerotier-cli zerotier-one': 'transfer escape',

    'ping ping6 ping4': asker('-46aAbBCDdfhLnOqrRUvV -c= -e= -F= -i= -I= -l= -m= -M= -N= -Q= -s= -S= -t= -T= -w= -W=', {
      // What the packets are filled with. No known word has a NUL: the pattern is for words that are not known.
      options: { '-p=': { patterns: { '\0': { effects: 'transfer' }, '*': 'word' } } },
    }),
    'traceroute traceroute6 tracepath tracepath6 tcptraceroute lft': asker(
      '-46bdFIlnrTUVen -m= -f= -g= -i= -l= -M= -N= -O= -p= -P= -q= -s= -t= -w= -z= --sport= --fwmark= --mtu --back',
    ),
    arping: asker('-AbDfhqUVv -c= -w= -i= -I= -s= -S= -t='),
    mtr: {
      ...asker(
        '-46bBClnrwxjptTuze -c= -a= -i= -I= -f= -m= -M= -o= -P= -Q= -s= -U= -G= -L= -y= --report --report-wide --no-dns --json --csv --raw --xml --tcp --udp --aslookup --show-ips --curses --displaymode= --interval= --report-cycles= --psize= --max-ttl= --first-ttl= --port=',
      ),
      worst: 'read',
      options: { '-F= --filename=': 'transfer path' },
      gtfobins: ['file-read'],
    },
    fping: {
      ...asker(
        '-46aAbBCDdegImnNqRsuvx -c= -b= -B= -C= -H= -i= -I= -k= -l -M -o -O= -p= -P= -Q= -r= -S= -t= -T= -x= -X=',
      ),
      options: { '-f= --file=': 'transfer path' },
      gtfobins: ['file-read'],
    },
    hping3: {
      effects: 'transfer escape',
      worst: 'transfer escape',
      gtfobins: ['shell', 'upload', 'download', 'file-read'],
    },
    'nping masscan zmap arp-scan nbtscan netdiscover': ['transfer', 'host'],
    'dig delv kdig drill mdig': {
      ...asker('-46bciklmpqrtuvxyh -b= -c= -p= -q= -t= -x= -y= +*'),
      options: { '-f=': 'transfer path', '-k=': 'path' },
      worst: 'read transfer',
      gtfobins: ['file-read'],
    },
    'host nslookup': asker('-46aACcdilmNRrsTtUuvVwW -c= -m= -N= -R= -t= -W= -p= -type=* -query=* -q=* -debug'),
    'avahi-resolve avahi-browse whatsmyip': asker(),
    'nmblookup dnstracer dnsmap dnsenum': ['read transfer', 'host'],
    'named-checkconf named-checkzone': ['read', 'path'],
    nsupdate: 'write transfer',
    rndc: {
      effects: 'read',
      known: '-c= -k= -s= -p= -b= -y= -V -q -r -4 -6',
      subcommands: { 'status zonestatus secroots recursing showzone': 'read', '*': 'write' },
      worst: 'write destroy',
    },
    'unbound-control pdnsutil pdns_control knotc': {
      effects: 'read',
      subcommands: {
        'status stats stats_noreset list_* zone-status get_option lookup show-*': 'read',
        '*': 'write destroy',
      },
      worst: 'write destroy',
    },
    'unbound-checkconf kzonecheck': ['read', 'path'],
    'dnsmasq inetd xinetd tcpserver tcpsvd udpsvd telnetd fakeidentd': {
      effects: 'transfer escape',
      worst: 'transfer escape',
    },
    whois: {
      effects: 'transfer',
      worst: 'transfer',
      known: '-aBcdFGHKlLmMqrRSx -h= -p= -i= -s= -t= -T= -v=',
      operands: 'transfer host',
      gtfobins: ['upload', 'download'],
    },
    finger: { effects: 'transfer', worst: 'transfer', operands: 'user', gtfobins: ['upload', 'download'] },

    tcpdump: {
      effects: 'read',
      known:
        '-aAbdDefhHIJKlLnNOpqStuUvxX# -B= -c= -C= -E= -G= -i= -j= -m= -M= -Q= -s= -T= -W= -y= -Z= -V= --count --list-interfaces --interface= --linktype= --snapshot-length= --number --print --immediate-mode --direction= --time-stamp-precision= --micro --nano --monitor-mode --no-promiscuous-mode --dont-verify-checksums --packet-buffered --absolute-tcp-sequence-numbers --version --help --buffer-size= --lengths --skip=',
      options: { '-w=': 'destroy path', '-r= -F=': 'read path', '-z=': 'escape', '-V=': 'read path' },
      operands: 'word',
      gtfobins: ['command', 'file-write'],
    },
    'tshark wireshark': {
      effects: 'read',
      known:
        '-aDhIlLnpPqQvVxSBg2 -a= -b= -B= -c= -d= -e= -E= -f= -F= -G=? -i= -I -j= -J= -k -M= -N= -O= -s= -t= -T= -u= -y= -Y= -R= -U= -z= --color --no-duplicate-keys --list-interfaces --interface= --autostop= --ring-buffer= --enable-protocol= --disable-protocol= --enable-heuristic= --disable-heuristic= --print --hexdump= --only-protocols=',
      options: {
        '-w= --export-tls-session-keys= --export-objects= -W=': 'destroy path',
        '-r= -K= -H=': 'read path',
        '-X= -C= -o=': 'escape',
        '--version --help': { sets: 'read' },
      },
      operands: 'word',
      gtfobins: ['shell'],
    },
    'dumpcap editcap mergecap reordercap text2pcap rawshark': ['destroy', 'path'],
    'capinfos captype': ['read', 'path'],
    'tcpflow tcpreplay tcpslice ngrep': {
      effects: 'read',
      worst: 'write transfer',
      options: { '-O= -w= -o=': 'destroy path' },
    },
    'ettercap bettercap responder dsniff arpspoof dnsspoof aircrack-ng airmon-ng aireplay-ng kismet':
      'privilege transfer write escape',
    nmap: {
      effects: 'transfer',
      syntax: 'single-dash',
      known:
        '-sn -sP -sS -sT -sU -sV -sA -sW -sM -sN -sF -sX -sO -sL -sY -sZ -sI= -Pn -PE -PP -PM -PO* -PS* -PA* -PU* -PY* -PR -n -R -p= -p* -F -r -v -vv -d -A -O -6 -T0 -T1 -T2 -T3 -T4 -T5 -open -reason -iR= -top-ports= -port-ratio= -exclude= -exclude-ports= -traceroute -packet-trace -iflist -version-intensity= -version-light -version-all -osscan-limit -osscan-guess -min-rate= -max-rate= -host-timeout= -max-retries= -initial-rtt-timeout= -min-rtt-timeout= -max-rtt-timeout= -scan-delay= -min-parallelism= -max-parallelism= -min-hostgroup= -max-hostgroup= -dns-servers= -system-dns -g= -source-port= -e= -S= -D= -f -mtu= -data-length= -ttl= -spoof-mac= -badsum -unprivileged -send-eth -send-ip -no-stylesheet -webxml -stats-every=',
      options: {
        '-h -V -version -help': { sets: 'read' },
        '-oN= -oX= -oG= -oA= -oS= -o= -oM=': 'destroy path',
        '-iL= -excludefile=': 'read path',
        '-script= -sC -script-args= -script-args-file= -datadir= -servicedb= -versiondb= -interactive -resume= -stylesheet= -script-updatedb':
          'escape',
        '-privileged': 'privilege',
        '-append-output -noninteractive': 'word',
      },
      operands: 'transfer host',
      gtfobins: ['shell', 'reverse-shell', 'bind-shell', 'file-read', 'file-write', 'upload', 'download'],
    },
    'nc netcat nc.openbsd nc.traditional ncat': {
      effects: 'transfer',
      known:
        '-46bCDdFhklNnrStUuvZ -a= -g= -G= -I= -i= -K= -M= -m= -O= -o= -P= -p= -q= -R= -s= -T= -V= -W= -w= -X= -x= --listen --keep-open --udp --sctp --ssl --ssl-verify --ssl-cert= --ssl-key= --ssl-trustfile= --ssl-ciphers= --send-only --recv-only --wait= --idle-timeout= --delay= --source= --source-port= --max-conns= --allow= --deny= --allowfile= --denyfile= --broker --chat --crlf --nodns --telnet --verbose --proxy= --proxy-type= --proxy-auth= --proxy-dns= --append-output --no-shutdown --unixsock --vsock',
      options: {
        '--help --version -h': { sets: 'read' },
        // Only asks whether the port is open.
        '-z': { sets: 'read' },
        '-e= --exec= --lua-exec=': { adds: 'escape', argument: 'path' },
        '-c= --sh-exec=': { adds: 'escape', argument: 'word' },
        '-o= --output= -x= --hex-dump=': 'write path',
      },
      operands: 'host',
      gtfobins: ['reverse-shell', 'bind-shell', 'upload', 'download'],
    },
    'socat socat1': {
      effects: 'transfer',
      syntax: 'single-dash',
      known: '-d* -v -x -u -U -s -T= -t= -b= -4 -6 -h -hh -hhh -V -g -lf= -ls -ly* -lm* -lp= -lu -lh -D',
      options: { '-r= -R= -L= -W=': 'write path' },
      operands: {
        patterns: {
          '*!!*': { effects: 'transfer escape write' },
          '-': 'word',
          STDIO: 'word',
          stdio: 'word',
          '[Tt][Cc][Pp]*,*su*': { effects: 'transfer escape write' },
          '[Tt][Cc][Pp]*': { is: 'host', effects: 'transfer' },
          '[Uu][Dd][Pp]*': { is: 'host', effects: 'transfer' },
          '[Ss][Ss][Ll]*': { is: 'host', effects: 'transfer' },
          '[Oo][Pp][Ee][Nn][Ss][Ss][Ll]*': { is: 'host', effects: 'transfer' },
          // EXEC, SYSTEM, SHELL, OPEN, CREATE, PTY, and abbreviations of them.
          '*': { effects: 'transfer escape write' },
        },
      },
      gtfobins: ['shell', 'reverse-shell', 'bind-shell', 'upload', 'download', 'file-read', 'file-write'],
    },
    socket: { effects: 'transfer escape', worst: 'transfer escape', gtfobins: ['reverse-shell', 'bind-shell'] },
    'iperf iperf3 netperf qperf nuttcp ttcp speedtest speedtest-cli fast': ['transfer', 'host'],
    ntpdate: {
      effects: 'write transfer',
      worst: 'write transfer',
      known: '-46bBdsuv -a= -e= -k= -o= -p= -t=',
      options: { '-q': 'read' },
      operands: 'host',
      gtfobins: ['file-read'],
    },
    'ntpd chronyd sntp rdate ntpdig openntpd': 'write transfer',
    'ntpq ntpdc ntpstat ntptrace': {
      effects: 'read',
      worst: 'read write',
      options: {
        '-c= --command=': {
          patterns: {
            ':config*': { effects: 'write' },
            'config*': { effects: 'write' },
            'write*': { effects: 'write' },
            'save*': { effects: 'write' },
            '*': 'word',
          },
        },
      },
      known: '-pnd46iw --peers --numeric',
    },
    chronyc: {
      effects: 'read',
      known: '-46anNcdevm -p= -f= -t=',
      options: { '-h=': 'host' },
      subcommands: {
        'tracking sources sourcestats activity ntpdata serverstats clients authdata selectdata rtcdata smoothing waitsync sourcename help dns accheck':
          'read',
        '*': 'write',
      },
      worst: 'write',
    },
    'avahi-publish avahi-set-host-name upnpc natpmpc': 'write transfer',
    'tunctl wondershaper': 'write',
    'lldpctl lldpcli': { effects: 'read', subcommands: { 'show watch': 'read', '*': 'write' }, worst: 'write' },
    'vtysh birdc bird gobgp': 'write escape',
    'ovs-vsctl ovs-ofctl ovs-appctl ovs-dpctl ovn-nbctl ovn-sbctl': {
      effects: 'read',
      subcommands: {
        'show list list-br list-ports list-ifaces get find dump-* fdb/show version ls-list lr-list port-to-br iface-to-br br-exists':
          'read',
        'del-* destroy clear emer-reset': 'destroy',
        '*': 'write',
      },
      worst: 'write destroy',
      known: '-t= --timeout= --db= --format= -f= --columns= --no-headings -O= --no-wait --may-exist --if-exists',
    },
    'rtmon iptraf-ng bwm-ng': 'write',
    routef: 'destroy',
    vnstat: {
      effects: 'read',
      worst: 'write destroy',
      known:
        '-dhmyfglqstv5 -i= --oneline=? --json=? --xml=? --style= --days=? --hours=? --months=? --live=? --iface= --begin= --end= --top=? --iflist=?',
    },
    showmount: ['read', 'host'],
    'mii-diag rpcinfo nfsstat': {
      effects: 'read',
      worst: 'read write',
      known: '-pstTu46mcnrlav -o= -234 -Z=?',
      options: { '-d -z -b': 'write' },
      operands: 'host',
    },
  },
} satisfies Family
