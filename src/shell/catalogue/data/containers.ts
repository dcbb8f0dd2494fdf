/**
 * Containers: docker, podman and their relatives. What runs in a container is seen through (`exec`), and a container
 * that sees more of the host than its own files is `privilege`. An image's entry point is not in the text, so `run` is
 * `opaque` as well, and `escape` when no command is given.
 */
import type { Family, LongEntry, Option, Role } from '../schema.ts'

/** Only looks at containers (or images). */
const look = (known: string, operands: Role = 'container'): LongEntry => ({
  effects: 'read',
  worst: 'read',
  known,
  operands,
})
const LIST =
  '-a --all=? -f= --filter= --format= -n= --last= -l --latest=? --no-trunc=? -q --quiet=? -s --size=? --digests=? --tree=? --ns --pod -p --sort= --sync -w= --watch= --noheading --no-resolve=? --external --names'

/** What a container is given of the host. A bind mount of a system directory gives root's rights over it. */
const volume: Role = {
  patterns: {
    // `-v=/:/host`: Go's flags take the sign away.
    '=*': { is: 'path', effects: 'privilege' },
    '*..*': { is: 'path', effects: 'privilege' },
    '/srv/*:*': 'write path',
    '/opt/*:*': 'write path',
    '/data/*:*': 'write path',
    '/mnt/*:*': 'write path',
    '/*': { is: 'path', effects: 'privilege' },
    '~*': { is: 'path', effects: 'privilege' },
    './*': 'write path',
    '*': 'word',
  },
}
const mount: Role = {
  patterns: {
    '*[bB][iI][nN][dD]*': { effects: 'privilege' },
    '*[oO][pP][tT]*': { effects: 'privilege' },
    '*[dD][eE][vV]*': { effects: 'privilege' },
    'type=volume,*': 'word',
    'type=tmpfs,*': 'word',
    '*': { effects: 'privilege' },
  },
}
/** `host`, or another container's: not its own. */
const namespace: Role = {
  patterns: {
    private: 'word',
    none: 'word',
    bridge: 'word',
    default: 'word',
    shareable: 'word',
    '*': { effects: 'privilege' },
  },
}
const network: Role = {
  patterns: {
    host: { effects: 'privilege' },
    'ns:*': { effects: 'privilege' },
    'container:*': { effects: 'privilege' },
    '*': 'word',
  },
}
const user: Role = {
  patterns: {
    '=*': { is: 'user', effects: 'privilege' },
    root: { is: 'user', effects: 'privilege' },
    'root:*': { is: 'user', effects: 'privilege' },
    '0': { is: 'user', effects: 'privilege' },
    '0:*': { is: 'user', effects: 'privilege' },
    '*': 'user',
  },
}

const RUN =
  '--add-host= --annotation= -a= --attach= --blkio-weight= --blkio-weight-device= --cap-drop= --cpu-count= --cpu-percent= --cpu-period= --cpu-quota= --cpu-rt-period= --cpu-rt-runtime= -c= --cpu-shares= --cpus= --cpuset-cpus= --cpuset-mems= -d --detach=? --detach-keys= --device-read-bps= --device-read-iops= --device-write-bps= --device-write-iops= --disable-content-trust=? --dns= --dns-option= --dns-opt= --dns-search= --domainname= --expose= --gpus= --health-cmd= --health-interval= --health-retries= --health-start-interval= --health-start-period= --health-timeout= --help=? -h= --hostname= --init=? -i --interactive=? --io-maxbandwidth= --io-maxiops= --ip= --ip6= --isolation= --kernel-memory= -l= --label= --link= --link-local-ip= --log-driver= --log-opt= --mac-address= -m= --memory= --memory-reservation= --memory-swap= --memory-swappiness= --name= --network-alias= --net-alias= --no-healthcheck=? --oom-kill-disable=? --oom-score-adj= --pids-limit= --platform= -p= --publish= -P --publish-all=? --pull= -q --quiet=? --read-only=? --restart= --rm=? --shm-size= --sig-proxy=? --stop-signal= --stop-timeout= --storage-opt= --tmpfs= -t --tty=? --ulimit= --volume-driver= -w= --workdir= --replace=? --arch= --os= --variant= --pod= --http-proxy=? --tz= --umask= --no-hosts=? --no-hostname=? --quiet --systemd= --timeout= --tls-verify=? --read-only-tmpfs=? --rmi=? --requires= --shm-size-systemd= --unsetenv= --unsetenv-all=? --health-on-failure= --retry= --retry-delay= --stop-timeout='
const RUN_OPTIONS: Record<string, Option> = {
  '-v= --volume=': volume,
  '--mount=': mount,
  '--privileged=? --device= --device-cgroup-rule= --cap-add= --security-opt= --volumes-from= --use-api-socket=? --cgroup-parent= --runtime= --sysctl= --group-add= --cgroups= --rootfs=? --uidmap= --gidmap= --subuidname= --subgidname= --hooks-dir= --secret= --image-volume= --chrootdirs= --cgroup-conf= --preserve-fd= --preserve-fds= --passwd=? --passwd-entry= --group-entry= --hostuser=':
    'privilege',
  '--pid= --ipc= --uts= --userns= --cgroupns=': namespace,
  '--net= --network=': network,
  '-u= --user=': user,
  '-e= --env=': 'word',
  '--env-file= --label-file= --authfile= --seccomp-policy= --decryption-key=': 'read path',
  '--env-host=?': 'transfer',
  '--cidfile= --pidfile= --conmon-pidfile=': 'write path',
  // What runs instead of the image's own entry point, with the command's words for its arguments.
  '--entrypoint=': 'escape',
}
const run: LongEntry = {
  effects: 'write transfer opaque',
  syntax: 'posix',
  known: RUN,
  options: RUN_OPTIONS,
  operands: ['container', 'command'],
  bare: 'escape',
}
const exec: LongEntry = {
  effects: 'read',
  syntax: 'posix',
  known:
    '-d --detach=? --detach-keys= -i --interactive=? -t --tty=? -w= --workdir= -e= --env= -l --latest=? --preserve-fd= --preserve-fds= --cidfile= --no-session --help',
  options: { '--privileged=?': 'privilege', '-u= --user=': user, '--env-file=': 'read path' },
  operands: ['container', 'command'],
  bare: 'escape',
}
/** A path on the host, or CONTAINER:PATH. `-` is a stream. */
const copy: LongEntry = {
  effects: 'transfer write',
  known: '-a --archive=? -L --follow-link=? -q --quiet=? --overwrite --pause',
  operands: 'path',
  worst: 'transfer write',
}
const build: LongEntry = {
  effects: 'write transfer escape',
  worst: 'write transfer escape',
  known:
    '--add-host= --build-arg= --cache-from= --compress=? --cpu-period= --cpu-quota= -c= --cpu-shares= --cpuset-cpus= --cpuset-mems= --disable-content-trust=? --force-rm=? --isolation= --label= -m= --memory= --memory-swap= --no-cache=? --platform= --pull=? -q --quiet=? --rm=? --shm-size= --squash=? -t= --tag= --target= --ulimit= --load --push --progress= --build-context= --cache-to= --annotation= --attest= --builder= --provenance= --sbom=',
  options: {
    '-f= --file=': 'path',
    '--iidfile= --metadata-file=': 'write path',
    '-o= --output=': 'write',
    '--network=': network,
    '-v= --volume=': volume,
    '--allow= --security-opt= --cgroup-parent= --privileged --cap-add= --device= --secret= --ssh=': 'privilege',
  },
  operands: { patterns: { '*://*': 'transfer url', 'git@*': 'transfer url', '*': 'path' } },
}

/** Sub-commands that docker and podman have at the top and under `container`. */
const CONTAINER: Record<string, LongEntry> = {
  'ps ls list': look(LIST, 'word'),
  logs: look(
    '--details=? -f --follow=? --since= -n= --tail= -t --timestamps=? --until= --names -l --latest --color --no-color',
  ),
  inspect: look('-f= --format= -s --size=? --type= -l --latest'),
  'top port diff stats wait': look(
    '-a --all=? --format= --no-stream=? --no-trunc=? -l --latest -i= --interval= --no-reset',
  ),
  'start restart pause unpause rename update init checkpoint restore': {
    effects: 'write',
    known:
      '--detach-keys= --checkpoint= -l --latest --all --filter= -e -k --keep -r --running --cidfile= --blkio-weight= --cpu-period= --cpu-quota= --cpu-rt-period= --cpu-rt-runtime= -c= --cpu-shares= --cpus= --cpuset-cpus= --cpuset-mems= -m= --memory= --memory-reservation= --memory-swap= --pids-limit= --restart= --sig-proxy=?',
    options: {
      '-s= --signal=': 'word',
      '-t= --timeout= --time=': 'word',
      '--checkpoint-dir= --export= --import=': 'write path',
      '-a --attach=?': {},
      '-i --interactive=?': 'escape',
    },
    operands: 'container',
    worst: 'write escape',
  },
  stop: {
    effects: 'write',
    known: '-a --all=? --cidfile= --filter= -i --ignore -l --latest',
    options: { '-s= --signal= -t= --timeout= --time=': 'word' },
    operands: 'container',
    worst: 'write',
  },
  'kill rm remove prune cleanup': {
    effects: 'destroy',
    worst: 'destroy',
    known:
      '-a --all=? -s= --signal= -f --force=? -l --link=? -v --volumes=? --filter= --cidfile= -i --ignore --depend -t= --time= --rmi',
    operands: 'container',
  },
  attach: {
    effects: 'escape',
    worst: 'escape',
    known: '--detach-keys= --no-stdin=? --sig-proxy=? -l --latest',
    operands: 'container',
  },
  exec,
  run,
  create: { ...run, effects: 'write transfer opaque', bare: 'opaque' },
  cp: copy,
  commit: {
    effects: 'write',
    worst: 'write',
    known:
      '-a= --author= -c= --change= -m= --message= -p --pause=? -f= --format= -q --quiet -s --squash --include-volumes',
    options: { '--iidfile=': 'write path' },
    operands: ['container', 'word'],
  },
  export: {
    effects: 'read',
    known: '-l --latest',
    options: { '-o= --output=': 'destroy path' },
    operands: 'container',
  },
  // Of podman: other rights, and a command that an image's label names.
  'mount unmount umount runlabel clone': { effects: 'privilege opaque write', worst: 'privilege opaque write' },
  exists: look('--external'),
}

const IMAGE: Record<string, LongEntry> = {
  'ls list history tree': look(`${LIST} -H --human=? --platform=`, 'word'),
  inspect: look('-f= --format= --platform=', 'word'),
  'pull push': {
    effects: 'transfer write',
    worst: 'transfer write',
    known:
      '-a --all-tags=? --disable-content-trust=? --platform= -q --quiet=? --creds= --tls-verify=? --arch= --os= --policy=',
    options: { '--authfile= --cert-dir=': 'path', '--digestfile=': 'write path' },
    operands: 'url',
  },
  'rm remove rmi prune': {
    effects: 'destroy',
    worst: 'destroy',
    known: '-a --all=? --filter= -f --force=? --no-prune=? --platform= --build-cache --external -i --ignore',
    operands: 'other',
  },
  build,
  'tag untag': { effects: 'write', worst: 'write', operands: 'other' },
  save: {
    effects: 'read',
    known: '--platform= --format= -q --quiet --compress -m --multi-image-archive',
    options: { '-o= --output=': 'destroy path' },
    operands: 'other',
  },
  load: {
    effects: 'write',
    worst: 'write',
    known: '--platform= -q --quiet=?',
    options: { '-i= --input=': 'read path' },
  },
  import: {
    effects: 'write',
    worst: 'write transfer',
    known: '-c= --change= -m= --message= --platform= -q --quiet --arch= --os= --variant=',
    operands: [{ patterns: { '*://*': 'transfer url', '*': 'read path' } }, 'word'],
  },
  'sign trust scp': { effects: 'transfer write', worst: 'transfer write' },
  'mount unmount': { effects: 'privilege', worst: 'privilege' },
  'search exists diff': look('--filter= --format= --limit= --no-trunc=? -f= --list-tags', 'word'),
}
const TOP: Record<string, LongEntry> = {
  ...CONTAINER,
  images: look(LIST, 'word'),
  'history info version events': look(
    '-f= --filter= --format= --since= --until= --no-trunc=? -q --quiet=? -H --human=? --stream -D --debug',
    'word',
  ),
  search: {
    effects: 'transfer',
    worst: 'transfer',
    known: '-f= --filter= --format= --limit= --no-trunc=? --list-tags',
  },
  'pull push': IMAGE['pull push'] as LongEntry,
  rmi: IMAGE['rm remove rmi prune'] as LongEntry,
  build,
  'tag untag': IMAGE['tag untag'] as LongEntry,
  save: IMAGE.save as LongEntry,
  load: IMAGE.load as LongEntry,
  import: IMAGE.import as LongEntry,
  'login logout': {
    effects: 'transfer write',
    worst: 'transfer write',
    known: '-p= --password= --password-stdin=? -u= --username=',
    operands: 'host',
  },
}

/** ls and inspect look, create and update write, rm and prune destroy. */
const managed = (more: Record<string, LongEntry> = {}): LongEntry => ({
  effects: 'read',
  subcommands: {
    'ls list inspect ps exists show': { effects: 'read', worst: 'read' },
    'create update connect disconnect enable disable reload use rename start stop restart pause unpause scale rollback tag annotate add demote promote':
      { effects: 'write', worst: 'write' },
    'rm remove prune kill': { effects: 'destroy', worst: 'destroy' },
    ...more,
  },
})
const COMPOSE_PS = '-a --all --services --filter= --status= --format= -q --quiet --no-trunc --orphans'
const compose: LongEntry = {
  effects: 'read',
  known:
    '-p= --project-name= --profile= --ansi= --progress= --parallel= --compatibility --dry-run --all-resources --verbose --no-ansi --log-level= -D --debug --tls --tlsverify --skip-hostname-check --podman-args= --podman-run-args= --in-pod= --no-cleanup -v --version',
  options: {
    '-f= --file= --project-directory= --env-file= --workdir=': 'path',
    '-H= --host= -c= --context=': 'transfer host',
    '--podman-path=': 'escape',
  },
  subcommands: {
    'ps ls images top port events version volumes stats wait': { effects: 'read', worst: 'read', known: COMPOSE_PS },
    logs: {
      effects: 'read',
      worst: 'read',
      known: '-f --follow --index= --since= -n= --tail= --until= --no-color --no-log-prefix -t --timestamps',
      operands: 'container',
    },
    config: {
      effects: 'read',
      known:
        '--format= --hash= --images --no-consistency --no-interpolate --no-normalize --no-path-resolution --profiles -q --quiet --resolve-image-digests --services --volumes --variables --environment --networks --models --lock-image-digests --no-env-resolution',
      options: { '-o= --output=': 'destroy path' },
    },
    convert: 'read',
    // The project's file says what is run, with which rights.
    'up create build start restart watch scale': {
      effects: 'write transfer escape',
      worst: 'write transfer escape destroy',
      known:
        '-d --detach --build --no-build --no-deps --no-start --no-recreate --no-color --no-log-prefix --no-attach= --attach= --attach-dependencies --pull= --pull -q --quiet --quiet-pull --scale= -t= --timeout= --timestamps --wait --wait-timeout= -w --watch -y --yes --exit-code-from= --abort-on-container-exit --abort-on-container-failure --always-recreate-deps --menu --no-cache --build-arg= -m= --memory= --progress= --push --with-dependencies --check --print --builder=',
      options: {
        '--force-recreate --remove-orphans -V --renew-anon-volumes --prune': 'destroy',
        '--ssh=': 'privilege',
      },
      operands: 'container',
    },
    'pull push publish': 'transfer write',
    'stop pause unpause': ['write', 'container'],
    'down rm kill': { effects: 'destroy', worst: 'destroy' },
    run: {
      effects: 'write transfer opaque',
      syntax: 'posix',
      known:
        '--build -d --detach --dry-run -i --interactive --cap-drop= -l= --label= --name= -T --no-TTY --no-tty --no-deps -p= --publish= --pull= -q --quiet --quiet-build --quiet-pull --remove-orphans --rm -P --service-ports --use-aliases -w= --workdir= -e= --env= --env-from-file=',
      options: { '-v= --volume=': volume, '-u= --user=': user, '--cap-add=': 'privilege', '--entrypoint=': 'escape' },
      operands: ['container', 'command'],
      bare: 'escape',
    },
    exec: {
      effects: 'read',
      syntax: 'posix',
      known: '-d --detach --dry-run --index= -T --no-TTY --no-tty -t --tty -i --interactive -w= --workdir= -e= --env=',
      options: { '--privileged': 'privilege', '-u= --user=': user },
      operands: ['container', 'command'],
      bare: 'escape',
    },
    attach: 'escape',
    'cp commit export': 'transfer write',
    'bridge alpha': 'write escape',
  },
}

const docker: LongEntry = {
  effects: 'read',
  syntax: 'posix',
  gtfobins: ['shell', 'file-read', 'file-write', 'privilege-escalation'],
  known: '-D --debug=? -l= --log-level= --tls=? --tlsverify=? -v --version=? --help=?',
  options: {
    '-H= --host= -c= --context=': 'transfer host',
    '--tlscacert= --tlscert= --tlskey=': 'path',
    // Plugins and credential helpers there are programs.
    '--config=': { argument: { is: 'path', effects: 'escape' } },
  },
  subcommands: {
    ...TOP,
    container: { effects: 'read', subcommands: CONTAINER },
    image: { effects: 'read', subcommands: IMAGE },
    'volume network config secret node': managed({
      'create update': {
        effects: 'write',
        worst: 'write privilege',
        known:
          '-d= --driver= -l= --label= --subnet= --gateway= --ip-range= --attachable=? --internal=? --ipv6=? --ipv4=? --scope= --aux-address= --ipam-driver= --ipam-opt= --ingress=? --config-only=? --config-from= --availability= --role= --label-add= --label-rm= --template-driver=',
        // A volume may be a directory of the host: `-o device=/ -o o=bind`.
        options: { '-o= --opt=': { patterns: { 'com.docker.*': 'word', '*': { effects: 'privilege' } } } },
      },
    }),
    context: managed({ export: { effects: 'write', worst: 'write' }, import: { effects: 'write', worst: 'write' } }),
    'service stack': managed({
      'ls list inspect ps services config logs': { effects: 'read', worst: 'read' },
      'create deploy up': { effects: 'write transfer privilege opaque', worst: 'write transfer privilege opaque' },
      update: { effects: 'write transfer privilege opaque', worst: 'write transfer privilege opaque' },
    }),
    plugin: managed({
      'install upgrade push create set enable': {
        effects: 'transfer write privilege',
        worst: 'transfer write privilege',
      },
    }),
    system: {
      effects: 'read',
      subcommands: {
        'df events info version': { effects: 'read', worst: 'read' },
        'prune reset': { effects: 'destroy', worst: 'destroy' },
        'dial-stdio connection service': { effects: 'transfer escape', worst: 'transfer escape' },
        'migrate renumber check': { effects: 'write', worst: 'write' },
      },
    },
    'builder buildx': {
      effects: 'read',
      known: '--builder= -D --debug',
      subcommands: {
        'ls du inspect version history': { effects: 'read', worst: 'read' },
        'build bake debug': build,
        'create use stop imagetools dial-stdio install uninstall': {
          effects: 'write transfer',
          worst: 'write transfer',
        },
        'prune rm': { effects: 'destroy', worst: 'destroy' },
      },
    },
    swarm: {
      effects: 'read',
      subcommands: {
        'init join leave update unlock ca': {
          effects: 'write privilege transfer',
          worst: 'write privilege transfer destroy',
        },
        'join-token unlock-key': {
          effects: 'read',
          worst: 'write',
          known: '-q --quiet',
          options: { '--rotate=?': 'write' },
        },
      },
    },
    'manifest trust': {
      effects: 'read',
      subcommands: {
        inspect: { effects: 'read transfer', worst: 'read transfer' },
        '*': { effects: 'transfer write', worst: 'transfer write destroy' },
      },
    },
    checkpoint: managed(),
    compose,
    'scout sbom model mcp ai desktop init debug extension offload sandbox cloud': 'transfer write escape',
    help: look('', 'word'),
  },
}

export const containers = {
  name: 'containers',
  sources: [
    'docker 28.2 --help of every subcommand',
    'https://docs.podman.io/en/latest/Commands.html',
    'https://github.com/containerd/nerdctl/blob/main/docs/command-reference.md',
    'https://gtfobins.github.io/gtfobins/docker/',
  ],
  commands: {
    docker,
    'podman nerdctl docker.io podman-remote': {
      ...docker,
      known:
        '-D --debug=? -l= --log-level= --tls=? --tlsverify=? -v --version=? --help=? -n= --namespace= -a= --address= --snapshotter= --cgroup-manager= --syslog --out= --noout --ssh= --debug-full --insecure-registry --experimental --host-gateway-ip= --events-backend= --imagestore= --storage-driver= --volumepath=',
      options: {
        '-H= --host= -c= --connection= --url= -r --remote --identity=': 'transfer host',
        '--tlscacert= --tlscert= --tlskey= --root= --runroot= --tmpdir= --data-root= --cni-netconfpath=': 'path',
        '--config= --cni-path= --conmon= --runtime= --runtime-flag= --hooks-dir= --network-cmd-path= --network-config-dir= --module= --storage-opt=':
          {
            argument: { is: 'path', effects: 'escape' },
          },
      },
      subcommands: {
        ...docker.subcommands,
        pod: managed({
          'logs top stats inspect ps ls list': { effects: 'read', worst: 'read' },
          'create clone': { effects: 'write privilege transfer', worst: 'write privilege transfer' },
        }),
        machine: {
          effects: 'read',
          subcommands: {
            'ls list info inspect': { effects: 'read', worst: 'read' },
            'init start stop set os reset cp': { effects: 'write transfer', worst: 'write transfer' },
            rm: { effects: 'destroy', worst: 'destroy' },
            ssh: { effects: 'escape', worst: 'escape' },
          },
        },
        'play kube': 'write transfer privilege opaque',
        generate: {
          effects: 'read',
          worst: 'write',
          options: { '-f= --filename=': 'destroy path', '--files': 'write' },
        },
        unshare: {
          effects: 'privilege',
          syntax: 'posix',
          known: '--rootless-netns --rootless-cni',
          operands: 'command',
          bare: 'escape',
        },
        'healthcheck artifact farm quadlet namespace apparmor ipfs': 'write transfer opaque',
        'auto-update': 'write transfer opaque',
        completion: { effects: 'read', worst: 'read' },
      },
    },
    'docker-compose podman-compose': compose,
    'docker-machine': {
      effects: 'read',
      subcommands: {
        'ls env ip inspect config status url version active': 'read',
        'start stop restart create upgrade provision regenerate-certs': 'write transfer',
        'rm kill': 'destroy',
        ssh: 'escape',
        'scp mount': 'transfer',
      },
    },
    buildah: {
      effects: 'read',
      subcommands: {
        'containers images ps info version inspect': 'read',
        'bud build build-using-dockerfile from': 'write transfer escape',
        'pull push login logout': 'transfer write',
        'add copy config commit tag rename manifest': 'write transfer',
        'rm rmi prune': 'destroy',
        run: {
          effects: 'write',
          syntax: 'posix',
          known:
            '-t --tty --terminal --hostname= --runtime-flag= --no-pivot --no-hosts --workingdir= --contextdir= -e= --env=',
          options: {
            '-v= --volume=': volume,
            '--mount=': mount,
            '--user=': user,
            '--cap-add= --isolation= --runtime= --network= --ipc= --pid= --uts= --userns= --device= --security-opt=':
              'privilege',
          },
          operands: ['container', 'command'],
          bare: 'escape',
        },
        'unshare mount umount unmount': 'privilege escape',
      },
    },
    skopeo: {
      effects: 'read',
      known:
        '--debug --command-timeout= --insecure-policy --override-arch= --override-os= --override-variant= --policy= --registries.d= --tmpdir=',
      subcommands: {
        'inspect list-tags': 'read transfer',
        'copy sync login logout': 'transfer write',
        delete: 'destroy transfer',
        'manifest-digest generate-sigstore-key': 'read write',
        'standalone-sign standalone-verify': 'write',
        'experimental-image-proxy': 'transfer',
      },
    },
    crictl: {
      effects: 'read',
      known:
        '-t= --timeout= -D --debug -v --version --enable-tracing --tracing-endpoint= --tracing-sampling-rate-per-million= -h --help',
      options: { '-r= --runtime-endpoint= -i= --image-endpoint=': 'path', '-c= --config=': 'path' },
      subcommands: {
        'ps pods images image img info version inspect inspecti inspectp imagefsinfo stats statsp metricsp metricdescs runtime-config events completion':
          'read',
        logs: {
          effects: 'read',
          worst: 'read',
          known: '-f --follow --tail= --since= -t --timestamps -p --previous --limit-bytes=',
          operands: 'container',
        },
        'create start stop stopp update update-runtime-config': ['write', 'container'],
        'rm rmi rmp': ['destroy', 'container'],
        'run runp checkpoint': 'write transfer privilege opaque',
        pull: 'transfer write',
        exec: {
          effects: 'read',
          syntax: 'posix',
          known:
            '-i --interactive -t --tty -s --sync --timeout= --transport= --tls-server-name= --ignore-errors -e -q --quiet -l --last= -p= --parallel= --id= --name= --image= --label= --pod= --state=',
          operands: ['container', 'command'],
          bare: 'escape',
        },
        'attach port-forward': 'escape transfer',
        config: 'write',
      },
    },
    ctr: {
      effects: 'read',
      gtfobins: ['shell', 'privilege-escalation'],
      known: '--debug --timeout= --connect-timeout= -n= --namespace= -h --help -v --version',
      options: { '-a= --address=': 'path' },
      subcommands: {
        'version info plugins plugin events': 'read',
        'containers c container': {
          effects: 'read',
          subcommands: {
            'list ls info': 'read',
            'create label restore checkpoint': 'write privilege opaque',
            'delete del remove rm': 'destroy',
          },
        },
        'images image i': {
          effects: 'read',
          subcommands: {
            'list ls check inspect usage': 'read',
            'pull push import export': 'transfer write',
            'tag label convert unpack': 'write',
            'delete del remove rm prune': 'destroy',
            'mount unmount': 'privilege',
          },
        },
        'tasks task t': {
          effects: 'read',
          subcommands: {
            'list ls ps metrics metric': 'read',
            'start resume pause checkpoint': 'write escape',
            'kill delete del remove rm': 'destroy',
            attach: 'escape',
            exec: {
              effects: 'read',
              syntax: 'posix',
              known: '-t --tty -d --detach --cwd= --exec-id= --fifo-dir= --log-uri= --platform=',
              options: { '--user=': user },
              operands: ['container', 'command'],
              bare: 'escape',
            },
          },
        },
        'run r': 'write transfer privilege escape',
        'content snapshots snapshot leases lease namespaces namespace ns oci install shim pprof sandboxes sandbox deprecations':
          'write destroy privilege',
      },
    },
    'runc crun youki runsc kata-runtime': {
      effects: 'read',
      known: '--debug --log= --log-format= --systemd-cgroup --rootless= -v --version -h --help',
      options: { '--root= --criu=': 'path' },
      subcommands: {
        'list ps state events features spec': 'read write',
        'start pause resume update': 'write',
        'delete kill': 'destroy',
        'run create restore checkpoint': 'privilege opaque escape write',
        exec: {
          effects: 'privilege',
          syntax: 'posix',
          known:
            '-t --tty -d --detach --cwd= -e= --env= --pid-file= --console-socket= --apparmor= --no-new-privs --preserve-fds= --cgroup= --process-label= --additional-gids= --ignore-paused',
          options: { '-u= --user= -c= --cap=': 'privilege', '-p= --process=': 'script' },
          operands: ['container', 'command'],
          bare: 'escape',
        },
      },
    },
    'dockerd containerd cri-dockerd crio buildkitd containerd-shim containerd-shim-runc-v2 conmon conmonrs rootlesskit slirp4netns docker-init':
      'privilege escape write',
    'dive ctop lazydocker oxker': 'escape',
    'trivy grype syft docker-slim dockle hadolint clair-scanner': 'read transfer write',
    'apptainer singularity': {
      effects: 'read',
      known: '-d --debug -q --quiet -s --silent -v --verbose --nocolor -c= --config= --version -h --help',
      subcommands: {
        'inspect search verify version help cache': 'read transfer',
        'pull push sign key remote registry overlay delete': 'transfer write destroy',
        'exec run shell build test instance': 'escape privilege opaque write',
      },
    },
    'toolbox distrobox distrobox-enter distrobox-create': 'escape write transfer',
    'arch-nspawn': 'privilege escape',
    'lxc incus': {
      effects: 'read',
      gtfobins: ['shell', 'privilege-escalation'],
      known:
        '--debug --force-local -h --help -q --quiet --sub-commands -v --verbose --version --project= --all --show-log',
      globalOptions: true,
      subcommands: {
        'list ls info version monitor top query-help operation warning': 'read',
        query: 'write privilege',
        'start stop restart pause resume rename snapshot restore': ['write privilege', 'container'],
        'launch init create copy cp move mv publish import rebuild': 'write transfer privilege opaque',
        'delete rm': ['destroy', 'container'],
        exec: {
          effects: 'privilege',
          syntax: 'posix',
          known: '-T --force-noninteractive -t --force-interactive -n --disable-stdin --mode= --env= --cwd=',
          options: { '--user= --group=': 'user' },
          operands: ['container', 'command'],
          bare: 'escape',
        },
        'console shell sftp': 'escape',
        file: {
          effects: 'transfer write',
          subcommands: {
            'push pull create': 'transfer write',
            delete: 'destroy',
            edit: 'escape write',
            mount: 'privilege transfer',
          },
        },
        image: {
          effects: 'read',
          subcommands: {
            'list ls info show get-property': 'read',
            'import export copy cp refresh alias set-property unset-property': 'transfer write',
            'delete rm': 'destroy',
            edit: 'escape write',
          },
        },
        'config profile network storage project cluster remote auth alias': {
          effects: 'read',
          subcommands: {
            'show get list ls info': 'read',
            edit: 'escape write',
            'delete rm remove': 'destroy',
            '*': 'write privilege',
          },
        },
        export: 'transfer write',
      },
    },
    'lxd incusd': 'privilege write escape',
    'lxc-ls lxc-info lxc-top lxc-config lxc-checkconfig lxc-monitor lxc-wait': 'read',
    'lxc-start lxc-stop lxc-create lxc-copy lxc-snapshot lxc-freeze lxc-unfreeze lxc-cgroup lxc-device lxc-autostart lxc-usernsexec lxc-unshare lxc-execute':
      'write privilege escape',
    'lxc-destroy': 'destroy',
    'lxc-attach lxc-console': 'escape privilege',
    'bwrap firejail': 'privilege escape',
  },
} satisfies Family
