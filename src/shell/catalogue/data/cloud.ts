/**
 * Command lines of cloud providers, by the verbs of their operations. An operation that changes something is also
 * `transfer`: its parameters may name files whose contents are sent (`file:///etc/shadow`). Changes of rights are
 * `privilege`, shells on a machine `escape`. Only groups that are listed are known: whatever else is `unknown`.
 */
import type { Entry, Family, LongEntry } from '../schema.ts'

// --- AWS. Operations are named verb-noun; the same verbs in all services.
const AWS_READ =
  'describe-* list-* get-* head-* lookup-* search-* query query-* scan select-* batch-get-* batch-describe-* filter-* estimate-* simulate-* validate-* verify-* view-* check-* preview-* retrieve-* view tail ls wait'
const AWS_DESTROY =
  'delete-* batch-delete-* terminate-* remove-* purge-* deregister-* destroy-* revoke-* cancel-* abort-* disassociate-* detach-* reset-* wipe-* forget-* drop-* schedule-key-deletion delete rb rm batch-write-item transact-write-items force-delete-* disable-key emergency-*'
const AWS_PRIVILEGE =
  'assume-* *-policy *-policies *-grant *-permission *-permissions *-access-key *-login-profile *-trust-policy *-security-group-ingress *-security-group-egress *-access-entry associate-access-policy'
/** Operations of any service. `help` opens a pager. */
const AWS: Readonly<Record<string, Entry>> = {
  'list-policies get-*-policies get-*-permissions list-*-permissions list-*-policies list-*-policy list-grants list-permissions list-access-keys get-policy get-*-policy get-policy-version describe-*-policy describe-*-policies describe-policy list-access-entries list-user-policies simulate-*-policy get-login-profile describe-*-permissions':
    'read',
  [AWS_READ]: 'read',
  [AWS_DESTROY]: 'destroy transfer',
  [AWS_PRIVILEGE]: 'privilege write transfer',
  // A file of the host is written with what they return.
  'get-object get-object-torrent get-media get-clip get-job-output get-sdk get-export get-snapshot-block synthesize-speech get-model-package':
    'transfer write',
  'invoke invoke-* run-* execute-* send-command start-session resume-session start-automation-execution create-presigned-* send-ssh-public-key send-serial-console-ssh-public-key':
    'escape write transfer privilege',
  help: 'escape',
  '*': 'write transfer',
}
// --- Others: groups of nouns, then a verb.
const VERBS: Readonly<Record<string, Entry>> = {
  'list list-* ls access describe describe-* get get-* show show-* read search check-* lookup lookup-* wait history print-* query stats logs tail exists':
    'read',
  'delete delete-* remove remove-* rm purge destroy cancel abandon-* reset terminate revoke': 'destroy transfer',
  'create create-* update update-* set set-* start stop restart resize resume suspend add add-* apply deploy undelete scale upgrade attach detach enable disable reboot shutdown poweron poweroff rebuild':
    'write transfer',
  'get-access-token print-access-token': 'read privilege',
  'add-iam-policy-binding remove-iam-policy-binding set-iam-policy get-credentials create-access-token add-metadata set-metadata set-service-account reset-windows-password':
    'privilege write transfer',
  'ssh ssh-* connect connect-to-serial-port start-iap-tunnel invoke run-command exec console call': 'escape transfer',
  'scp cp rsync upload download export import sync': 'transfer write',
  help: 'escape',
}
const MOST = 'destroy privilege transfer escape'
/** A noun of which only the verbs are known; a verb that is not listed is the worst. */
const noun: LongEntry = { effects: MOST, worst: MOST, subcommands: VERBS }
/** gcloud's inner groups are plural nouns (`compute instances list`), but for these. Operands are positional: no `*`. */
const gcloudGroup: LongEntry = {
  effects: MOST,
  worst: MOST,
  subcommands: {
    ...VERBS,
    '*s app sql dns docker apt yum managed unmanaged project-info os-config server-config': noun,
  },
}
/** az takes no positional operands, so whatever stands where a verb is awaited is a group or a verb. */
const azGroup: LongEntry = {
  effects: MOST,
  worst: MOST,
  subcommands: { ...VERBS, '*': { effects: MOST, worst: MOST, subcommands: { ...VERBS, '*': noun } } },
}

export const cloud = {
  name: 'cloud',
  sources: [
    'https://awscli.amazonaws.com/v2/documentation/api/latest/index.html',
    'https://cloud.google.com/sdk/gcloud/reference',
    'https://learn.microsoft.com/cli/azure/reference-index',
    'https://gtfobins.github.io (aws, gcloud)',
  ],
  commands: {
    aws: {
      effects: 'read',
      gtfobins: ['shell'],
      globalOptions: true,
      known:
        '--debug --no-verify-ssl --no-paginate --output= --query= --profile= --region= --version --color= --no-sign-request --cli-read-timeout= --cli-connect-timeout= --cli-binary-format= --no-cli-pager --cli-auto-prompt --no-cli-auto-prompt --max-items= --page-size= --starting-token= --no-cli-auto-paginate --dry-run --no-dry-run',
      options: { '--endpoint-url=': 'transfer url', '--ca-bundle=': 'path', '--generate-cli-skeleton=?': {} },
      subcommands: {
        '*': { effects: 'write transfer', subcommands: AWS },
        s3: {
          effects: 'read',
          subcommands: {
            ls: 'read',
            cp: 'transfer write',
            sync: {
              effects: 'transfer write',
              worst: 'transfer write',
              options: { '--delete': 'destroy' },
              operands: 'path',
            },
            mv: 'transfer write destroy',
            'rm rb': 'destroy',
            'mb website': 'write',
            presign: 'privilege transfer',
            help: 'escape',
          },
        },
        s3api: {
          effects: 'read',
          subcommands: {
            ...AWS,
            'put-bucket-policy put-object-acl put-bucket-acl put-public-access-block delete-public-access-block put-bucket-ownership-controls':
              'privilege write transfer',
          },
        },
        'iam sts sso-admin sso-oidc identitystore organizations ram rolesanywhere controltower verifiedpermissions': {
          effects: 'read',
          subcommands: {
            ...AWS,
            'get-caller-identity get-access-key-info get-session-token decode-authorization-message generate-credential-report generate-service-last-accessed-details':
              'read',
            'delete-* remove-* detach-* disable-* deactivate-*': 'destroy privilege transfer',
            '*': 'privilege write transfer',
          },
        },
        ec2: {
          effects: 'read',
          subcommands: {
            ...AWS,
            'get-password-data get-console-output get-console-screenshot': 'read',
            'authorize-* create-key-pair import-key-pair associate-iam-instance-profile replace-iam-instance-profile-association modify-instance-attribute modify-snapshot-attribute modify-image-attribute modify-instance-metadata-options run-instances request-spot-instances create-fleet':
              'privilege write transfer',
            'stop-instances start-instances reboot-instances monitor-instances unmonitor-instances': 'write',
          },
        },
        'ec2-instance-connect': {
          effects: 'read',
          subcommands: {
            'ssh open-tunnel send-ssh-public-key send-serial-console-ssh-public-key': 'escape privilege transfer',
          },
        },
        ecs: {
          effects: 'read',
          subcommands: {
            ...AWS,
            'execute-command': 'escape',
            'run-task start-task register-task-definition create-service update-service': 'write transfer escape',
          },
        },
        eks: { effects: 'read', subcommands: { ...AWS, 'get-token': 'read', 'update-kubeconfig': 'write escape' } },
        ecr: { effects: 'read', subcommands: { ...AWS, 'get-login-password get-login': 'read' } },
        configure: {
          effects: 'write',
          subcommands: {
            'list list-profiles get export-credentials': 'read',
            'set sso import sso-session add-model': 'write escape',
          },
        },
        'sso login logout': 'transfer write privilege',
        'deploy opsworks-cm gamelift-streams': 'transfer write',
        'help history': 'escape',
      },
    },
    's3cmd s4cmd': {
      effects: 'read',
      worst: 'transfer write destroy',
      known:
        '-h --help -v --verbose -d --debug -q --quiet -n --dry-run -r --recursive -H --human-readable-sizes --list-md5 -l --long-listing --no-progress --progress --ssl --no-ssl -f --force --skip-existing --exclude= --include= --region= --limit=',
      options: {
        '-c= --config=': 'path',
        '--host= --host-bucket= --access_key= --secret_key=': 'transfer',
        '--configure --dump-config': 'write',
        '--delete-removed': 'destroy',
      },
      subcommands: {
        'ls la du info multipart listmp accesslog ws-info': 'read',
        'put get sync cp mb modify setacl setpolicy delpolicy setcors signurl restore fixbucket': 'transfer write',
        'del rm rb mv abortmp expire': 'destroy transfer',
      },
    },
    's5cmd mcli': {
      effects: 'read',
      worst: 'transfer write destroy privilege',
      known:
        '--json --debug --quiet -q --no-color --insecure --limit-upload= --limit-download= --no-sign-request --profile= --log= --stat --numworkers= --retry-count= --dry-run',
      options: { '-C= --config-dir= --credentials-file=': 'path', '--endpoint-url=': 'transfer url' },
      subcommands: {
        'ls stat du tree find cat head diff ping ready version': 'read transfer',
        'cp put get pipe mirror mb sync select sql share cors tag legalhold retention ilm replicate event undo update watch od encrypt anonymous':
          'transfer write',
        'rm rb mv': 'destroy transfer',
        'admin alias idp license support quota batch run': 'privilege write transfer destroy',
      },
    },
    gcloud: {
      effects: 'read',
      gtfobins: ['shell'],
      globalOptions: true,
      known:
        '--account= --billing-project= --configuration= --flags-file= --flatten= --format= --filter= --limit= --page-size= --sort-by= --uri --log-http --project= -q --quiet --trace-token= --user-output-enabled=? --verbosity= -v --version --zone= --region= --location= --zones= --regions= --async --network= --cluster= --instance= --global',
      options: { '--help -h': 'escape', '--impersonate-service-account= --access-token-file=': 'privilege' },
      subcommands: {
        'alpha beta preview': {
          effects: MOST,
          worst: MOST,
          subcommandAt: 1,
          subcommands: gcloudGroup.subcommands ?? {},
        },
        'version info topic cheat-sheet': 'read',
        help: 'escape',
        'config components': {
          effects: 'read',
          subcommands: {
            'list get-value get': 'read',
            'set unset': 'write privilege',
            configurations: { effects: 'read', subcommands: { 'list describe': 'read', '*': 'write' } },
            'install update remove reinstall repositories restore': 'transfer write destroy',
            'set-value virtualenv': 'write',
          },
        },
        auth: {
          effects: 'read',
          subcommands: {
            list: 'read',
            'print-access-token print-identity-token': 'read privilege',
            '*': 'privilege write transfer',
          },
        },
        iam: {
          effects: 'read',
          subcommands: {
            'list-testable-permissions list-grantable-roles': 'read',
            '*': {
              effects: 'read',
              subcommands: {
                'list describe get-iam-policy get-public-key lint-condition': 'read',
                '*': 'privilege write destroy transfer',
              },
            },
          },
        },
        'feedback init emulators survey docker': 'write transfer escape',
        '*': gcloudGroup,
      },
    },
    gsutil: {
      effects: 'read',
      worst: 'transfer write destroy privilege',
      known: '-D -DD -h= -i= -m -q -u= -o= --quiet',
      syntax: 'posix',
      subcommands: {
        'ls stat du cat hash version versioning-get': 'read',
        'cp rsync compose setmeta mb rewrite label lifecycle logging cors web versioning notification retention defstorageclass signurl perfdiag update':
          'transfer write',
        'rm rb mv': 'destroy transfer',
        'iam acl defacl hmac kms config ubla bucketpolicyonly pap': 'privilege write',
        help: 'escape',
      },
    },
    bq: {
      effects: 'read',
      worst: 'transfer write destroy privilege',
      subcommands: {
        'ls show head version info wait': 'read',
        'query load extract insert mk cp update partition init': 'write transfer destroy',
        'rm cancel truncate': 'destroy',
        'add-iam-policy-binding set-iam-policy remove-iam-policy-binding': 'privilege',
        'get-iam-policy': 'read',
        shell: 'escape',
      },
    },
    az: {
      effects: 'read',
      globalOptions: true,
      known:
        '--debug -h --help --only-show-errors -o= --output= --query= --subscription= --verbose -g= --resource-group= -n= --name= --ids= -l= --location= --no-wait --version',
      subcommands: {
        'version find interactive-help': 'read',
        'login logout role ad identity': {
          effects: 'privilege write transfer',
          subcommands: {
            'list list-* show show-*': 'read',
            'assignment definition user group sp app signed-in-user ds federated-credential': {
              effects: 'read',
              subcommands: {
                'list list-* show show-* get-member-groups check': 'read',
                '*': 'privilege write destroy transfer',
              },
            },
            '*': 'privilege write destroy transfer',
          },
        },
        // Any request to the management interface.
        rest: 'write destroy privilege transfer',
        config: { effects: 'read', subcommands: { get: 'read', '*': 'write' } },
        configure: 'write',
        'ssh serial-console': 'escape privilege transfer',
        'interactive upgrade self-test init next survey feedback': 'escape transfer write',
        '*': azGroup,
      },
    },
    azcopy: {
      effects: 'read',
      worst: 'transfer write destroy',
      subcommands: {
        'list jobs env version doc': 'read',
        'copy cp sync make bench login logout set-properties': 'transfer write',
        'remove rm': 'destroy transfer',
      },
    },
    'doctl linode-cli hcloud vultr-cli civo upctl openstack oci exo scw ibmcloud': {
      effects: 'read',
      worst: MOST,
      globalOptions: true,
      known:
        '-h --help -v --verbose --trace --output= -o= --context= --no-header --format= --json --text --debug --profile= --region= --os-cloud= --quiet --access-token= --http-retry-max= --poll-interval= --no-headers --all --zone= --selector= -l= --sort=',
      options: { '--api-url= -u=': 'transfer url', '-c= --config=': 'path' },
      subcommands: {
        'version help completion': 'read',
        'auth context login logout config configure init iam': {
          effects: MOST,
          worst: MOST,
          subcommands: { 'list ls show active get': 'read', '*': 'write privilege transfer' },
        },
        'ssh sandbox shell console': 'escape',
        // Nouns of nouns.
        'compute databases serverless network db kubernetes instance': {
          effects: MOST,
          worst: MOST,
          subcommands: {
            ...VERBS,
            'droplet image volume snapshot firewall domain ssh-key region size load-balancer reserved-ip action tag certificate cdn pool user cluster node-pool options server vcn subnet backup functions namespaces activations':
              noun,
          },
        },
        '*': noun,
      },
    },
    'nova glance cinder neutron swift heat keystone designate aliyun tccli yc ovhcli': {
      effects: 'read',
      worst: MOST,
      subcommands: { 'list *-list *-show show stat help version': 'read', '*': MOST },
    },
    'ec2-metadata': 'read',
    'aws-vault saml2aws aws-iam-authenticator aws-okta gimme-aws-creds granted assume': 'privilege escape transfer',
    'session-manager-plugin aws-shell saws eb copilot sam amplify cdk sls serverless chalice':
      'write transfer escape destroy',
    'heroku flyctl fly vercel netlify wrangler railway cf firebase supabase': 'write escape destroy privilege',
    cloudflared: {
      effects: 'transfer escape',
      worst: 'transfer escape write',
      options: { '--version -v --help -h': { sets: 'read' } },
    },
  },
} satisfies Family
