/**
 * Kubernetes. Reading resources is `read`, secrets included: what may be read is the cluster's own matter. What runs
 * in a pod is seen through. A kubeconfig can name a program that kubectl runs to sign in, so one from an unusual
 * place is `escape`; impersonation and changes of rights are `privilege`.
 */
import type { Effects, Entry, Family, LongEntry, Option, Role } from '../schema.ts'

const kubeconfig: Role = {
  patterns: {
    '*..*': { is: 'path', effects: 'escape' },
    '/etc/kubernetes/*': 'path',
    '/etc/rancher/*': 'path',
    '/var/lib/kubelet/*': 'path',
    '/root/.kube/*': 'path',
    '/home/*/.kube/*': 'path',
    '~/.kube/*': 'path',
    '*': { is: 'path', effects: 'escape' },
  },
}
/** A manifest: a file, or fetched from an address. */
const manifest: Role = {
  patterns: { '=http*': 'transfer url', 'http:*': 'transfer url', 'https:*': 'transfer url', '*': 'read path' },
}
/** A kustomization may name bases in other repositories. */
const kustomization: Role = { is: 'path', effects: 'transfer' }
/** Of paths of the API server, only these cannot reach through to a node, pod or service. */
const rawPath: Role = {
  patterns: {
    '*proxy*': { effects: 'transfer' },
    '/healthz*': 'word',
    '/readyz*': 'word',
    '/livez*': 'word',
    '/metrics*': 'word',
    '/version*': 'word',
    '/api*': 'word',
    '/openapi*': 'word',
    '*': { effects: 'transfer' },
  },
}
/** `-o` with a template from a file only reads it. */
const OUTPUT =
  '-o= --output= --allow-missing-template-keys=? --show-managed-fields=? --template= --no-headers=? -A --all-namespaces=? -l= --selector= --field-selector= -R --recursive=? --chunk-size= --show-labels=? --show-kind=? --sort-by= -L= --label-columns= -w --watch=? --watch-only=? --output-watch-events=? --ignore-not-found=? --server-print=? --subresource= --show-events=? --for= --types= --containers=? --sum=? --use-protocol-buffers=? --show-capacity=? --api-version= --api-group= --cached=? --categories= --namespaced=? --verbs= --list=? -q --quiet=? --revision= --timeout= --all=? --client=? --short=? --raw=? --minify=? --flatten=? --merge=? --local=? --concurrency= --server-side=? --force-conflicts=? --prune=? --prune-allowlist= --field-manager='
const CHANGE =
  '--dry-run= --save-config=? --validate=? --windows-line-endings=? --overwrite=? --force-conflicts=? --server-side=? --openapi-patch=? --cascade=? --grace-period= --wait=? --timeout= --resource-version= --current-replicas= --replicas= --patch= -p= --type= --to-revision= --all=? --cpu-percent= --max= --min= --name= --append-hash=? --prune-allowlist= --create-annotation=? --keys= --env= -e= --prefix= --resolve=? --limits= --requests= --containers= -c= --port= --target-port= --protocol= --external-ip= --cluster-ip= --load-balancer-ip= --session-affinity= --labels= --image= --restart= --schedule= --from= --class= --rule= --default-backend= --annotation= --max-unavailable= --min-available= --description= --global-default=? --preemption-policy= --value= --hard= --scopes= --tcp= --node-port= --external-name= --server= --output-patch=? --docker-server= --docker-username= --docker-email= --docker-password= --from-literal= --type= --pod-running-timeout= --cpu= --memory='

const FILES: Record<string, Option> = { '-f= --filename=': manifest, '-k= --kustomize=': kustomization }
const look = (known = '', options: Record<string, Option> = {}): LongEntry => ({
  effects: 'read',
  worst: 'read transfer',
  known: `-h --help ${OUTPUT} ${known}`,
  options,
})
const change = (effects: Effects, options: Record<string, Option> = {}): LongEntry => ({
  effects,
  known: `-h --help ${OUTPUT} ${CHANGE}`,
  options: {
    ...FILES,
    '--from-file= --from-env-file= --cert= --key= --patch-file=': 'read path',
    '--prune=? --force=? --now=?': 'destroy',
    '--edit=?': 'escape',
    '--raw=': { effects: 'transfer' },
    ...options,
  },
})

const GLOBAL = {
  known:
    '-h --help --certificate-authority= --client-certificate= --client-key= --cluster= --context= --disable-compression=? --insecure-skip-tls-verify=? --log-flush-frequency= --match-server-version=? -n= --namespace= --profile= --request-timeout= --tls-server-name= --user= -v= --v= --vmodule= --warnings-as-errors=? --alsologtostderr=? --logtostderr=? --stderrthreshold= --skip-headers=? --kuberc= --config=',
  options: {
    '--kubeconfig=': kubeconfig,
    '-s= --server= --token= --username= --password=': 'transfer',
    '--as= --as-group= --as-uid= --as-user-extra=': 'privilege',
    '--cache-dir= --profile-output= --log-file= --log-dir=': 'write path',
  },
} as const satisfies Pick<LongEntry, 'known' | 'options'>

const exec: LongEntry = {
  effects: 'read',
  known: '-c= --container= --pod-running-timeout= -q --quiet=? -i --stdin=? -t --tty=? -h --help --no-stdin',
  options: { '-f= --filename=': manifest },
  operands: ['container', 'command'],
  bare: 'escape',
}

const KUBECTL: Readonly<Record<string, Entry>> = {
  'get describe events': { ...look('', { ...FILES, '--raw=': rawPath }), operands: 'other' },
  logs: {
    effects: 'read',
    worst: 'read',
    known:
      '--all-containers=? --all-pods=? -c= --container= -f --follow=? --ignore-errors=? --insecure-skip-tls-verify-backend=? --limit-bytes= --max-log-requests= --pod-running-timeout= --prefix=? -p --previous=? -l= --selector= --since= --since-time= --tail= --timestamps=? --version= -h --help',
    operands: 'container',
  },
  'top explain api-resources api-versions version options wait completion': look('', FILES),
  'cluster-info': {
    ...look(),
    subcommands: { dump: look('--namespaces= --pod-running-timeout=', { '--output-directory=': 'write path' }) },
  },
  auth: {
    effects: 'read',
    subcommands: {
      'can-i whoami': 'read',
      reconcile: { ...change('write privilege'), worst: 'write privilege transfer' },
    },
  },
  // It runs `diff`, or what KUBECTL_EXTERNAL_DIFF names.
  diff: look('', FILES),
  kustomize: {
    effects: 'read transfer',
    known:
      '--as-current-user=? -e= --env= --helm-api-versions= --helm-debug=? --helm-kube-version= --load-restrictor= --network-name= --reorder=',
    options: {
      '-o= --output=': 'write path',
      '--helm-command= --enable-alpha-plugins=? --enable-exec=? --enable-helm=? --mount= --network=?': 'escape',
    },
    operands: 'path',
  },
  rollout: {
    effects: 'read',
    subcommands: {
      'status history': look('', FILES),
      'restart undo pause resume cancel retry latest': change('write'),
    },
  },
  config: {
    effects: 'read',
    subcommands: {
      'view get-contexts current-context get-clusters get-users': look(),
      'use-context set-context set-cluster rename-context unset delete-context delete-cluster delete-user use': 'write',
      // `users.x.exec.command`: a program that kubectl runs.
      'set set-credentials': 'write escape',
    },
  },
  'apply create replace patch scale autoscale expose label annotate cordon uncordon taint set': {
    ...change('write'),
    subcommands: {
      // `apply -f x`, `scale deploy/x` and the others that take no word of their own.
      '*': change('write'),
      'edit-last-applied': 'escape write',
      'view-last-applied': look('', FILES),
      'clusterrole clusterrolebinding role rolebinding serviceaccount sa token subject user identity useridentitymapping':
        change('write privilege', {
          '--clusterrole= --role= --user= --group= --serviceaccount= --verb= --resource= --resource-name= --non-resource-url= --aggregation-rule= --audience= --duration= --bound-object-kind= --bound-object-name= --bound-object-uid=':
            'privilege',
        }),
    },
  },
  run: {
    ...change('write transfer opaque', {
      '-i --stdin=? -t --tty=? --attach=? --leave-stdin-open=? --rm=? --command=? --expose=? -q --quiet=? --image-pull-policy= --annotations= -r=':
        {},
      '--privileged=? --overrides= --override-type= --serviceaccount=': 'privilege',
    }),
    operands: ['container', 'command'],
    bare: 'escape',
  },
  edit: 'escape write',
  delete: { ...change('destroy', { '-i --interactive=?': {} }), operands: 'other', worst: 'destroy transfer' },
  drain: {
    effects: 'destroy',
    worst: 'destroy',
    known:
      '--chunk-size= --delete-emptydir-data=? --delete-local-data=? --disable-eviction=? --dry-run= --force=? --grace-period= --ignore-daemonsets=? --pod-selector= -l= --selector= --skip-wait-for-delete-timeout= --timeout=',
    operands: 'host',
  },
  exec,
  'attach debug': 'escape privilege',
  'cp port-forward proxy': 'transfer write',
  certificate: 'write privilege',
  plugin: { effects: 'read', subcommands: { list: 'read' } },
  kuberc: 'write escape',
  alpha: { effects: 'read', subcommands: { events: 'read', '*': 'write escape' } },
}
const kubectl: LongEntry = {
  effects: 'read',
  globalOptions: true,
  gtfobins: ['upload'],
  ...GLOBAL,
  subcommands: KUBECTL,
}

const HELM_RELEASE =
  '-a --all --all-namespaces -A -d --date --deployed --failed -f= --filter= -m= --max= --no-headers --offset= -o= --output= --pending -r --reverse -l= --selector= -q --short --superseded --time-format= --uninstalled --uninstalling --revision= --template= --show-desc --show-resources --logs --versions --devel --version= --verify --max-col-width= --regexp --fail-on-no-result --list-repo-url --endpoint= --deprecations= --strict --quiet --with-subcharts --kube-version= --jsonpath= --hide-notes --ca-file= --cert-file= --key-file= --keyring= --pass-credentials --plain-http --insecure-skip-tls-verify --client'

export const kubernetes = {
  name: 'kubernetes',
  sources: [
    'kubectl 1.32 --help of every subcommand',
    'https://helm.sh/docs/helm/',
    'https://docs.openshift.com oc CLI reference',
    'https://gtfobins.github.io/gtfobins/kubectl/',
  ],
  commands: {
    'kubectl kubecolor kubectl.kubernetes microk8s.kubectl': kubectl,
    oc: {
      ...kubectl,
      subcommands: {
        ...KUBECTL,
        'status project projects whoami policy-can-i': { effects: 'read', worst: 'write' },
        'login logout': 'transfer write',
        'new-project new-app new-build start-build cancel-build import-image tag process expose': 'write transfer',
        'rollback deploy idle': 'write',
        'adm policy serviceaccounts sa secrets secret registry': {
          effects: 'privilege write',
          subcommands: {
            'top inspect must-gather node-logs release': 'read transfer write',
            'cordon uncordon taint upgrade': 'write',
            'drain prune': 'destroy',
            'who-can scc-review scc-subject-review': 'read',
            '*': 'privilege write destroy',
          },
        },
        rsh: {
          effects: 'read',
          syntax: 'posix',
          known: '-c= --container= -n= --namespace= -t --tty -T --no-tty --timeout= --no-tty=?',
          options: { '--shell=': 'escape', '-f= --filename=': manifest },
          operands: ['container', 'command'],
          bare: 'escape',
        },
        'rsync image extract observe': 'transfer write escape',
        'debug ex': 'escape privilege',
      },
    },
    'helm helm3': {
      effects: 'read',
      globalOptions: true,
      known:
        '-h --help --debug -n= --namespace= --kube-context= --kube-insecure-skip-tls-verify --kube-tls-server-name= --burst-limit= --qps= --kube-ca-file= --repository-cache= --repository-config= --registry-config=',
      options: {
        '--kubeconfig=': kubeconfig,
        '--kube-apiserver= --kube-token=': 'transfer',
        '--kube-as-user= --kube-as-group=': 'privilege',
        '--post-renderer= --post-renderer-args=': 'escape',
      },
      subcommands: {
        'list ls status history hist get env version search completion verify': {
          effects: 'read',
          worst: 'read',
          known: HELM_RELEASE,
        },
        'template show inspect lint': {
          effects: 'read transfer',
          worst: 'read transfer write escape',
          known: `${HELM_RELEASE} --set= --set-string= --set-json= --set-literal= --include-crds --api-versions= -s= --show-only= --name-template= --no-hooks --skip-tests --skip-crds --is-upgrade --validate --dependency-update --repo= --username= --password= --release-name -g --generate-name --description= --dry-run=? --create-namespace --timeout= --wait --atomic`,
          options: {
            '-f= --values= --set-file=': { patterns: { '*:*': 'transfer url', '*': 'read path' } },
            '--output-dir=': 'write path',
            '--post-renderer= --post-renderer-args=': 'escape',
          },
        },
        'install upgrade rollback': {
          effects: 'write transfer',
          known: `${HELM_RELEASE} --set= --set-string= --set-json= --set-literal= -i --install --atomic --wait --wait-for-jobs --timeout= --reset-values --reuse-values --reset-then-reuse-values --history-max= --create-namespace --description= --dry-run=? --no-hooks --skip-crds --render-subchart-notes --disable-openapi-validation --dependency-update --repo= --username= --password= -g --generate-name --name-template= --labels= --take-ownership --skip-schema-validation --hide-secret --enable-dns`,
          options: {
            '-f= --values= --set-file=': { patterns: { '*:*': 'transfer url', '*': 'read path' } },
            '--force --replace --cleanup-on-fail --recreate-pods': 'destroy',
            '--post-renderer= --post-renderer-args=': 'escape',
          },
        },
        'uninstall un del delete': 'destroy',
        'pull fetch push repo dependency dep registry': {
          effects: 'transfer write',
          known: '--destination= -d= --untar --untardir= --version= --repo= --prov --verify --devel',
          worst: 'transfer write',
          subcommands: { 'list ls': 'read', 'remove rm': 'write', '*': 'transfer write' },
        },
        'create package': 'write transfer',
        // Runs the chart's test pods; a plugin is a program.
        test: 'write',
        plugin: { effects: 'read', subcommands: { 'list ls': 'read', '*': 'transfer write escape' } },
        'diff secrets': 'read transfer escape',
      },
    },
    helmfile: {
      effects: 'read',
      subcommands: { 'list status version show-dag': 'read transfer', '*': 'write transfer escape destroy' },
    },
    'k9s k9scli lens': 'escape',
    'kubectx kubens kctx kns': 'write',
    'stern kail kubetail': {
      effects: 'read',
      worst: 'read escape',
      known:
        '-A --all-namespaces -c= --container= -n= --namespace= -l= --selector= -s= --since= --tail= -t --timestamps=? -o= --output= --template= -i= --include= -e= --exclude= -E= --exclude-container= --context= --color= --no-follow --max-log-requests= --container-state= -p --prompt',
      options: { '--kubeconfig=': kubeconfig },
      operands: 'container',
    },
    kustomize: {
      effects: 'read',
      subcommands: {
        build: KUBECTL.kustomize ?? 'read transfer',
        'version completion cfg': 'read',
        'create edit fn localize': 'write transfer',
      },
    },
    'kubeval kubeconform kube-linter kube-score pluto popeye kube-bench kube-capacity': 'read transfer',
    argocd: {
      effects: 'read',
      globalOptions: true,
      known:
        '--grpc-web --insecure --plaintext --port-forward --port-forward-namespace= --kube-context= --argocd-context= --http-retry-max= --loglevel= --logformat= --client-crt= --client-crt-key= --server-crt= --controller-name= --redis-name= --repo-server-name= --server-name= --core --prompts-enabled -N= --app-namespace= -o= --output= --refresh --hard-refresh -l= --selector= -p= --project= --grpc-web-root-path=',
      options: { '--config= --auth-token= --header= -H= --server=': 'transfer' },
      subcommands: {
        version: 'read',
        'app appset': {
          effects: 'read',
          subcommands: {
            'list get diff history manifests resources logs wait get-resource generate': 'read',
            'delete delete-resource': 'destroy',
            'sync rollback create set unset patch patch-resource add-source remove-source terminate-op confirm-deletion actions update':
              {
                effects: 'write',
                worst: 'write destroy',
                options: { '--prune --force --replace': 'destroy', '--local=': 'transfer path' },
              },
            edit: 'escape write',
          },
        },
        'account proj cluster repo repocreds cert gpg': {
          effects: 'read',
          subcommands: {
            'list get get-user-info can-i': 'read',
            'rm delete remove': 'destroy',
            edit: 'escape write',
            '*': 'write privilege',
          },
        },
        'login logout relogin context': 'transfer write',
        admin: 'write privilege destroy',
      },
    },
    flux: {
      effects: 'read',
      globalOptions: true,
      known:
        '-n= --namespace= --context= --timeout= --verbose -A --all-namespaces --cluster= --kube-api-burst= --kube-api-qps= --insecure-skip-tls-verify --tls-server-name= --user= -h --help -v --version --no-header --status-selector= --flux-namespace= --follow -f --tail= --since= --level= --kind= --name= --with-source --pre',
      options: {
        '--kubeconfig=': kubeconfig,
        '--server= --token=': 'transfer',
        '--as= --as-group= --as-uid=': 'privilege',
        '--cache-dir=': 'write path',
      },
      subcommands: {
        'get logs events stats check trace tree version diff export completion debug': 'read',
        'reconcile suspend resume create tag': 'write',
        'bootstrap install push pull build envsubst': 'write transfer privilege',
        'delete uninstall': 'destroy',
        migrate: 'write',
      },
    },
    kubeadm: {
      effects: 'read',
      subcommands: {
        'version completion': 'read',
        config: {
          effects: 'read',
          subcommands: {
            'print view validate': 'read',
            images: { effects: 'read', subcommands: { list: 'read', pull: 'transfer write' } },
            migrate: 'write',
          },
        },
        certs: {
          effects: 'read',
          subcommands: { 'check-expiration certificate-key': 'read', 'renew generate-csr': 'write privilege' },
        },
        upgrade: {
          effects: 'read',
          subcommands: { 'plan diff': 'read transfer', 'apply node': 'write transfer privilege' },
        },
        'token kubeconfig': { effects: 'read', subcommands: { list: 'read', '*': 'write privilege' } },
        'init join': 'write transfer privilege',
        reset: 'destroy',
      },
    },
    'k3s rke2 k0s': {
      effects: 'read',
      subcommands: {
        kubectl,
        'crictl ctr': 'escape write destroy privilege',
        'check-config status version': 'read',
        'etcd-snapshot secrets-encrypt certificate token': 'write transfer privilege destroy',
        'server agent install start stop restart controller worker': 'write privilege escape',
        'kill uninstall reset': 'destroy',
      },
    },
    'microk8s minikube kind k3d colima rancher': {
      effects: 'read',
      subcommands: {
        'status inspect version ip service-url list ls get logs': { effects: 'read', worst: 'read write' },
        'kubectl kubectl.exe': kubectl,
        'start stop enable disable config profile addons pause unpause create load image images cluster node registry kubeconfig update-context refresh-certs add-node join leave import':
          'write transfer',
        'delete reset remove-node prune': 'destroy',
        'ssh docker-env podman-env mount tunnel service dashboard cp helm helm3 istioctl linkerd ctr shell':
          'escape transfer write',
      },
    },
    'k3s-killall.sh k3s-uninstall.sh rke2-killall.sh rke2-uninstall.sh k3s-agent-uninstall.sh': 'destroy',
    'istioctl linkerd cilium hubble calicoctl velero kubeseal eksctl kops clusterctl talosctl crossplane tkn kn virtctl operator-sdk cmctl krew skaffold tilt devspace telepresence okteto werf':
      {
        effects: 'read',
        worst: 'write destroy privilege transfer',
        globalOptions: true,
        known: '-n= --namespace= --context= -o= --output= -A --all-namespaces -h --help -v --version',
        options: { '--kubeconfig=': kubeconfig },
        subcommands: {
          'version status check analyze ps proxy-status proxy-config pc diff describe list stat viz diagnostics': {
            effects: 'read',
            worst: 'read transfer',
          },
          'get list ls describe logs observe top': { effects: 'read', worst: 'read' },
          'delete uninstall destroy': 'destroy',
          '*': 'write transfer privilege escape',
        },
      },
  },
} satisfies Family
