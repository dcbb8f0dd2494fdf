/**
 * Infrastructure as code and configuration management. A plan, a playbook or a recipe is a script of a project: what
 * it runs is not in the text, so whatever evaluates one is `escape`, `terraform plan` included (an external data
 * source is a program). What only shows recorded state is `read`.
 */
import type { Entry, Family, LongEntry, Option } from '../schema.ts'

/** Terraform's options have one dash; a value comes after `=` or as the next word. */
const tf = (effects: LongEntry['effects'], options: Record<string, Option> = {}): LongEntry => ({
  ...(effects === undefined ? {} : { effects }),
  syntax: 'single-dash',
  known:
    '-help -no-color -json -raw -compact-warnings -detailed-exitcode -input= -lock= -lock-timeout= -parallelism= -refresh= -refresh-only -replace= -target= -exclude= -var= -id= -module-depth= -type= -plan= -draw-cycles -check -diff -recursive -list= -ignore-remote-version -upgrade -reconfigure -migrate-state -force-copy -backend= -get= -lockfile= -test-directory= -filter= -verbose -allow-missing -dry-run -show-sensitive -concise -auto-approve= -deprecation= -consolidate-warnings= -consolidate-errors=',
  options: {
    '-var-file= -state= -backend-config= -config=': 'path',
    '-state-out= -backup= -out= -generate-config-out=': 'write path',
    '-destroy': 'destroy',
    '-plugin-dir= -from-module=': 'escape',
    '-write=': 'write',
    ...options,
  },
})
const TERRAFORM: Readonly<Record<string, Entry>> = {
  'version show output graph providers validate modules metadata': tf('read'),
  plan: tf('read transfer escape'),
  refresh: tf('write transfer escape'),
  apply: tf('write destroy transfer escape'),
  destroy: tf('destroy transfer escape'),
  'init get': tf('write transfer escape'),
  console: tf('escape'),
  fmt: tf('write', { '-check': { sets: 'read' } }),
  import: tf('write transfer escape'),
  'taint untaint': tf('write'),
  test: tf('write destroy transfer escape'),
  state: {
    effects: 'read',
    syntax: 'single-dash',
    subcommands: { 'list show pull': tf('read'), 'mv replace-provider push': tf('write'), rm: tf('destroy') },
  },
  workspace: {
    effects: 'read',
    syntax: 'single-dash',
    subcommands: { 'list show': tf('read'), 'new select': tf('write'), delete: tf('destroy', { '-force': 'destroy' }) },
  },
  'force-unlock': tf('write destroy'),
  'login logout': tf('transfer write'),
  env: 'write',
}

const ANSIBLE =
  '-b --become -C --check -D --diff -e= --extra-vars= -f= --forks= -h --help -k --ask-pass -K --ask-become-pass -l= --limit= -o --one-line -t= --tree= -T= --timeout= -v --verbose --version -J --ask-vault-pass --ask-vault-password --list-hosts --list-tasks --list-tags --syntax-check --step --tags= --skip-tags= --start-at-task= --flush-cache --force-handlers -B= --background= -P= --poll= --task-timeout= --vault-id= -u= --user= -c= --connection='

export const infrastructure = {
  name: 'infrastructure',
  sources: [
    'terraform 1.11 -help',
    'https://docs.ansible.com/ansible/latest/command_guide/command_line_tools.html',
    'https://developer.hashicorp.com CLI references of packer, vagrant, vault, consul, nomad',
    'https://gtfobins.github.io (ansible-playbook, ansible-test, knife, puppet, terraform, vagrant)',
  ],
  commands: {
    'terraform tofu': {
      effects: 'read',
      syntax: 'single-dash',
      gtfobins: ['shell', 'file-read'],
      known: '-help -version -v -install-autocomplete -uninstall-autocomplete',
      options: { '-chdir=': 'path' },
      subcommands: TERRAFORM,
    },
    terragrunt: {
      effects: 'read',
      syntax: 'single-dash',
      worst: 'write destroy transfer escape',
      options: { '-version -help': { sets: 'read' } },
      subcommands: { 'version help': 'read', '*': 'write destroy transfer escape' },
    },
    'tflint tfsec checkov terrascan terraform-docs infracost': 'read transfer write',
    packer: {
      effects: 'read',
      syntax: 'single-dash',
      subcommands: {
        'version validate inspect': 'read escape',
        fmt: 'write',
        'build init plugins console hcl2_upgrade': 'write transfer escape',
      },
    },
    vagrant: {
      effects: 'read',
      gtfobins: ['shell', 'command'],
      // The Vagrantfile is a Ruby program, read by almost all of them.
      options: { '-v --version -h --help': { sets: 'read' } },
      subcommands: {
        version: 'read',
        'global-status': 'read',
        'status port ssh-config validate': 'read escape',
        destroy: 'destroy escape',
        '*': 'write transfer escape',
      },
    },
    pulumi: {
      effects: 'read',
      globalOptions: true,
      known:
        '-h --help --color= -C= --cwd= -e --emoji --logflow --logtostderr --non-interactive -s= --stack= -j --json -Q --fully-qualify-stack-names',
      subcommands: {
        'version whoami about': 'read',
        'stack config': {
          effects: 'read',
          subcommands: { 'ls output get history graph tag': 'read', rm: 'destroy', '*': 'write transfer' },
        },
        logs: 'read transfer',
        destroy: 'destroy transfer escape',
        '*': 'write transfer destroy escape',
      },
    },

    ansible: {
      effects: 'transfer escape',
      gtfobins: ['shell', 'command'],
      known: ANSIBLE,
      options: {
        '--version --help -h': { sets: 'read' },
        '--list-hosts': 'read',
        '-i= --inventory= --inventory-file=': { argument: { is: 'path', effects: 'escape' } },
        '-m= --module-name= -a= --args=': 'write',
        '-b --become --become-user= --become-method= -K --ask-become-pass --become-password-file= --become-pass-file=':
          'privilege',
        '-M= --module-path= --playbook-dir=': 'escape',
        '--vault-password-file= --vault-pass-file= --private-key= --key-file= --connection-password-file= --conn-pass-file=':
          'path',
        '--ssh-common-args= --sftp-extra-args= --scp-extra-args= --ssh-extra-args=': 'escape',
      },
      operands: 'transfer host',
    },
    'ansible-playbook ansible-pull ansible-console ansible-test ansible-runner ansible-navigator molecule': {
      effects: 'write transfer escape opaque',
      gtfobins: ['shell', 'command'],
      known: ANSIBLE,
      options: {
        '--version --help -h': { sets: 'read' },
        '-b --become --become-user= --become-method= -K --ask-become-pass --become-password-file=': 'privilege',
        '-i= --inventory= --inventory-file= --vault-password-file= --private-key= --key-file= -M= --module-path=':
          'path',
        '--ssh-common-args= --sftp-extra-args= --scp-extra-args= --ssh-extra-args=': 'escape',
        // Of ansible-pull.
        '-U= --url=': 'transfer url',
        '-d= --directory=': 'write path',
        '--purge': 'destroy',
      },
      operands: 'script',
    },
    'ansible-doc ansible-config ansible-lint': {
      effects: 'read',
      worst: 'read escape',
      known:
        '-h --help --version -l --list -t= --type= -j --json -s --snippet -F --list_files -v --verbose --only-changed',
      options: { '-c= --config=': 'path', '-M= --module-path= --playbook-dir=': 'escape' },
    },
    'ansible-inventory': {
      effects: 'read',
      known:
        '-h --help --version --list --graph --host= -y --yaml --toml --export --vars -v --verbose -l= --limit= -J --ask-vault-pass --vault-id=',
      // An inventory file may be a program, or name a plugin.
      options: {
        '-i= --inventory= --inventory-file=': { argument: { is: 'path', effects: 'escape' } },
        '--output=': 'write path',
        '--vault-password-file= --vault-pass-file= --playbook-dir=': 'escape',
        '-e= --extra-vars=': 'word',
      },
    },
    'ansible-galaxy': {
      effects: 'read',
      subcommands: {
        'role collection': {
          effects: 'read',
          subcommands: {
            'list info search verify': 'read transfer',
            'remove delete': 'destroy',
            '*': 'transfer write',
          },
        },
        'list info search': 'read transfer',
        '*': 'transfer write',
      },
    },
    'ansible-vault': {
      effects: 'read',
      subcommands: {
        view: 'escape',
        edit: 'escape write',
        create: 'escape write',
        'encrypt decrypt rekey': {
          effects: 'write',
          worst: 'write escape',
          options: { '--output=': 'write path', '--vault-password-file=': 'escape' },
          operands: 'write path',
        },
        encrypt_string: 'read',
      },
    },

    vault: {
      effects: 'read',
      syntax: 'single-dash',
      subcommands: {
        'status version path-help print events monitor': 'read',
        'read list': {
          effects: 'read',
          worst: 'read transfer',
          syntax: 'single-dash',
          known: '-format= -field= -namespace= -non-interactive',
          options: { '-address=': 'transfer' },
          operands: 'path',
        },
        kv: {
          effects: 'read',
          subcommands: {
            'get list metadata': 'read',
            'put patch rollback enable-versioning undelete': 'write transfer',
            'delete destroy': 'destroy',
          },
        },
        'write patch': 'write transfer privilege',
        delete: 'destroy',
        'login token auth policy secrets unwrap lease namespace plugin transform transit pki': {
          effects: 'write privilege transfer',
          subcommands: {
            'list lookup capabilities read fmt help info health-check verify-sign list-intermediates': 'read',
            'revoke delete disable deregister tidy': 'destroy',
            '*': 'write privilege transfer',
          },
        },
        audit: { effects: 'read', subcommands: { list: 'read', enable: 'write', disable: 'destroy' } },
        operator: {
          effects: 'read',
          subcommands: {
            'members usage diagnose key-status': 'read',
            raft: 'write privilege destroy',
            '*': 'write privilege destroy',
          },
        },
        'agent proxy server': 'escape privilege',
        ssh: 'escape transfer',
        debug: 'read write',
      },
    },
    consul: {
      effects: 'read',
      syntax: 'single-dash',
      subcommands: {
        'members info version catalog monitor rtt validate operator-usage': 'read',
        kv: {
          effects: 'read',
          subcommands: { 'get export': 'read', 'put import': 'write transfer', delete: 'destroy' },
        },
        snapshot: {
          effects: 'read',
          subcommands: { inspect: 'read', 'save decode': 'write', 'restore agent': 'destroy' },
        },
        operator: {
          effects: 'read',
          subcommands: { 'usage raft autopilot': 'read write', '*': 'write privilege destroy' },
        },
        'join keygen reload services intention config event maint partition peering namespace resource troubleshoot':
          'write transfer destroy',
        'leave force-leave': 'destroy',
        'acl login logout tls keyring connect': 'privilege write',
        // `exec` runs on all nodes; `watch` and `lock` run a command here.
        'exec watch lock agent debug': 'escape write privilege',
      },
    },
    nomad: {
      effects: 'read',
      syntax: 'single-dash',
      subcommands: {
        'status version server-members agent-info ui monitor': 'read',
        node: {
          effects: 'read',
          subcommands: { 'status pool config': 'read', 'drain eligibility meta purge': 'write destroy' },
        },
        'job run stop plan': {
          effects: 'write transfer escape',
          syntax: 'single-dash',
          subcommands: {
            'status history inspect validate allocs deployments tag': 'read',
            plan: 'read',
            'stop purge': 'destroy',
            '*': 'write transfer escape',
          },
        },
        alloc: {
          effects: 'read',
          subcommands: {
            'status logs fs checks pause': 'read',
            exec: {
              effects: 'read',
              syntax: 'single-dash',
              known: '-t -i -e= -job -task= -group= -namespace= -region= -address= -token=',
              operands: ['container', 'command'],
              bare: 'escape',
            },
            'restart signal stop': 'write destroy',
          },
        },
        logs: 'read',
        exec: 'escape',
        'deployment eval namespace volume quota plugin scaling service recommendation': {
          effects: 'read',
          subcommands: { 'status list info inspect': 'read', 'delete deregister detach': 'destroy', '*': 'write' },
        },
        'acl var operator system tls sentinel license login server agent config setup action':
          'write privilege destroy escape',
      },
    },
    'consul-template envconsul': 'escape write transfer',
    boundary: 'escape transfer privilege write',

    puppet: {
      effects: 'read',
      gtfobins: ['shell', 'command', 'file-read', 'file-write'],
      known: '-V --version -h --help',
      subcommands: {
        'help man describe doc': 'read',
        config: { effects: 'read', subcommands: { print: 'read', 'set delete': 'write escape' } },
        'facts lookup epp parser': 'read escape',
        // A resource's parameters may be changed with the same word that shows it.
        resource: {
          effects: 'read',
          worst: 'write escape privilege',
          operands: ['word', 'word', { effects: 'write privilege escape' }],
        },
        'agent apply device script': {
          effects: 'write destroy privilege escape',
          worst: 'write destroy privilege escape',
        },
        'module ssl node cert ca certificate certificate_request certificate_revocation_list filebucket catalog generate key plugin report status strings':
          'write transfer destroy',
      },
    },
    'facter ohai': {
      effects: 'read',
      worst: 'read escape',
      known: '-j --json -y --yaml -p --puppet --show-legacy --no-custom-facts --no-external-facts -v --version',
      options: { '--custom-dir= --external-dir= -c= --config= -d= --directory=': 'escape' },
    },
    'hiera r10k bolt puppetserver puppetdb librarian-puppet': 'write transfer escape',
    'chef-client chef-solo chef-apply chef-shell chef cinc-client kitchen inspec': 'write destroy privilege escape',
    knife: {
      effects: 'read',
      gtfobins: ['shell'],
      subcommands: {
        // knife.rb is a Ruby program.
        'node role environment cookbook client data user search status diff list show serve':
          'read escape write transfer',
        'ssh exec bootstrap configure upload download edit delete tag raw ssl vault winrm':
          'escape write transfer destroy',
      },
    },
    'salt salt-call salt-run salt-ssh salt-cloud salt-api': {
      effects: 'write privilege escape',
      worst: 'write destroy privilege escape',
      options: { '--version --versions-report --help -h': { sets: 'read' } },
    },
    'salt-key': {
      effects: 'read',
      known:
        '-L --list-all -y --yes --out= --no-color -q --quiet -v --verbose -c= --config-dir= -h --help --version -p= --print= -P --print-all -f= --finger= -F --finger-all --preserve-minions',
      options: {
        '-l= --list=': 'word',
        '-a= --accept= -A --accept-all -r= --reject= -R --reject-all --gen-keys= --gen-signature --auto-create':
          'privilege write',
        '-d= --delete= -D --delete-all': 'destroy',
      },
    },
    'salt-minion salt-master salt-proxy salt-syndic': 'privilege write escape',
    'salt-cp': 'transfer write',
    'cf-agent cf-promises cf-runagent cf-execd cf-serverd rudder': 'write privilege escape',
    'cloud-init': {
      effects: 'read',
      known: '-h --help -v --version -d --debug -f --force --file=',
      subcommands: {
        'status query features schema analyze': { effects: 'read', worst: 'read' },
        'collect-logs': 'write transfer',
        clean: 'destroy',
        'init modules single devel': 'write privilege escape',
      },
    },
    'cloud-localds cloud-id ec2metadata': 'read write',
    'capistrano cap fab fabric mina': 'escape write transfer',
  },
} satisfies Family
