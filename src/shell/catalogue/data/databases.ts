/**
 * Databases, brokers and their tools. SQL, Redis and Mongo commands on the line are read by their detectors; without
 * one the client is a prompt in which anything can be asked, and from which a shell can be started: `escape`. Dumps
 * are `transfer`: the data leaves the database.
 */
import type { Entry, Family, LongEntry, Option } from '../schema.ts'

/** Where a libpq program connects. `-h` is a host, not help. */
const PG: Record<string, Option> = {
  '-h= --host=': 'host',
  '-d= --dbname=': 'database',
  '-U= --username=': 'user',
  '--maintenance-db=': 'database',
}
const PG_KNOWN = '-p= --port= -w --no-password -W --password --role= -v --verbose -e --echo -q --quiet'
const VERSION = { '-V --version -? --help': { sets: 'read' } } as const
const MYSQL: Record<string, Option> = {
  '-h= --host=': 'host',
  '-u= --user=': 'user',
  // These may name a client plugin or a program to page with.
  '--defaults-file= --defaults-extra-file= --defaults-group-suffix= --login-path=': {
    argument: { is: 'path', effects: 'escape' },
  },
  '--plugin-dir= --default-auth= --pager=?': 'escape',
  '-S= --socket= --ssl-ca= --ssl-cert= --ssl-key= --ssl-capath= --ssl-crl= --server-public-key-path=': 'path',
  '-V --version -? --help -I': { sets: 'read' },
}
const MYSQL_KNOWN =
  '-p=? --password=? -P= --port= --protocol= -v --verbose -s --silent -C --compress --ssl-mode= --ssl=? --ssl-cipher= --tls-version= --no-defaults --print-defaults --default-character-set= --connect-timeout= --max-allowed-packet= --skip-ssl --ssl-verify-server-cert=? --bind-address= --get-server-public-key --compression-algorithms= --charset= --character-sets-dir='

const psql: LongEntry = {
  effects: 'read',
  gtfobins: ['shell', 'file-read', 'file-write'],
  known: `${PG_KNOWN} -X --no-psqlrc -1 --single-transaction -a --echo-all -b --echo-errors -E --echo-hidden --echo-queries -n --no-readline -s --single-step -S --single-line -A --no-align --csv -F= --field-separator= -H --html -R= --record-separator= -t --tuples-only -T= --table-attr= -x --expanded -z --field-separator-zero -0 --record-separator-zero`,
  options: {
    ...PG,
    ...VERSION,
    '-c= --command=': { argument: 'code sql', operands: 'word' },
    '-f= --file=': {
      argument: { patterns: { '/dev/stdin': 'word', '-': 'word', '*': 'script' } },
      operands: 'word',
      stdin: true,
    },
    '-l --list': { sets: 'read' },
    // Variables such as PAGER, EDITOR and PROMPT1 run programs.
    '-v= --set= --variable=': {
      patterns: {
        'ON_ERROR_STOP*': 'word',
        'AUTOCOMMIT*': 'word',
        'VERBOSITY*': 'word',
        'PROMPT*': { effects: 'escape' },
        '[a-z]*': 'word',
        '*': { effects: 'escape' },
      },
    },
    '-P= --pset=': {
      patterns: { 'pager=off': 'word', 'pager=0': 'word', 'pager*': { effects: 'escape' }, '*': 'word' },
    },
    '-o= --output= -L= --log-file=': { patterns: { '|*': { effects: 'escape' }, '*': 'destroy path' } },
  },
  operands: ['database', 'user'],
  needs: 'option',
  bare: 'escape',
  stdin: 'code sql',
}
const mysql: LongEntry = {
  effects: 'read',
  gtfobins: ['shell', 'library-load', 'file-read', 'file-write'],
  known: `${MYSQL_KNOWN} -A --auto-rehash --no-auto-rehash -b --no-beep -B --batch -c --comments --skip-comments -f --force -E --vertical -H --html -i --ignore-spaces -n --unbuffered -N --skip-column-names --column-names -q --quick -r --raw -t --table -T --debug-info --safe-updates -U --i-am-a-dummy --reconnect --skip-reconnect -w --wait -X --xml --line-numbers --show-warnings --auto-vertical-output --select-limit= --max-join-size= --binary-mode --delimiter= --skip-pager --no-pager --column-type-info --sigint-ignore --enable-cleartext-plugin --connect-expired-password --abort-source-on-error --local-infile=?`,
  options: {
    ...MYSQL,
    '-e= --execute=': { argument: 'code sql', operands: 'database' },
    '-D= --database= -o --one-database': 'word',
    '--init-command= --init-command-add=': 'code sql',
    '--tee=': 'destroy path',
    '--histignore=': 'word',
    '--system-command=?': 'escape',
    // Lets the server ask for files of this host.
    '--local-infile=?': 'transfer',
  },
  operands: 'database',
  needs: 'option',
  bare: 'escape',
  stdin: 'code sql',
}
/** Redis' command names are not case-sensitive. Those written in mixed case are not found, so they are the worst. */
function bothCases(entries: Readonly<Record<string, Entry>>): Readonly<Record<string, Entry>> {
  return Object.fromEntries(
    Object.entries(entries).map(([names, entry]) => [names === '*' ? names : `${names} ${names.toUpperCase()}`, entry]),
  )
}
const redis: LongEntry = {
  effects: 'read',
  syntax: 'posix',
  gtfobins: ['file-write'],
  known:
    '-p= -t= -a= --user= --pass= --askpass -r= -i= -n= -2 -3 -x -X= -d= -D= -c -e --tls --sni= --insecure --tls-ciphers= --tls-ciphersuites= --raw --no-raw --quoted-input --csv --json --quoted-json --show-pushes= --stat --latency --latency-history --latency-dist --scan --pattern= --quoted-pattern= --count= --bigkeys --memkeys --memkeys-samples= --keystats --hotkeys --top= --cursor= --intrinsic-latency= --no-auth-warning --verbose --help -v --version -4 -6',
  options: {
    '-h=': 'host',
    '-u=': 'url',
    '-s= --cacert= --cacertdir= --cert= --key=': 'path',
    '--rdb= --functions-rdb=': { argument: 'destroy path', adds: 'transfer', operands: 'word' },
    '--pipe --replica --slave --test_hint= --test_hint_file= --vset-recall= --lru-test=': {
      adds: 'transfer write',
      operands: 'word',
    },
    '--eval=': { argument: 'script', operands: 'word' },
    '--ldb --ldb-sync-mode': 'escape',
    '--cluster=': {
      argument: { patterns: { check: 'word', info: 'word', help: 'word', '*': { effects: 'write destroy' } } },
      operands: 'word',
    },
    // With these it samples or scans and takes no command.
    '--stat --latency --latency-history --latency-dist --scan --bigkeys --memkeys --keystats --hotkeys --intrinsic-latency= --help -v --version':
      { operands: 'word' },
  },
  needs: 1,
  bare: 'escape',
  // Several lines, each a command.
  stdin: 'code other',
  worst: 'write destroy privilege escape',
  subcommands: {
    ...bothCases({
      'get mget getrange strlen exists ttl pttl type keys scan hget hmget hgetall hkeys hvals hlen hexists hscan lrange llen lindex lpos smembers sismember smismember scard sscan srandmember sinter sunion sdiff zrange zrevrange zrangebyscore zscore zcard zcount zrank zrevrank zscan xrange xrevrange xlen xinfo xpending bitcount bitpos getbit pfcount geopos geodist geosearch object info ping echo dbsize time lastsave role expiretime dump randomkey substr lolwut readonly':
        'read',
      'memory slowlog latency command': {
        effects: 'write',
        subcommands: bothCases({
          'usage stats doctor malloc-stats help get len latest history graph count docs info list getkeys': 'read',
          '*': 'write',
        }),
      },
      'monitor subscribe psubscribe ssubscribe pubsub select auth hello wait': 'read',
      client: {
        effects: 'write',
        subcommands: bothCases({
          'list info id getname help trackinginfo': 'read',
          'kill pause unblock': 'destroy',
          '*': 'write',
        }),
      },
      config: {
        effects: 'write',
        subcommands: bothCases({
          'get help': 'read',
          'set rewrite resetstat': 'write privilege escape',
          '*': 'write privilege escape',
        }),
      },
      acl: {
        effects: 'privilege',
        subcommands: bothCases({
          'list users whoami getuser cat log help genpass dryrun': 'read',
          '*': 'privilege write',
        }),
      },
      cluster: {
        effects: 'write',
        subcommands: bothCases({
          'info nodes slots shards keyslot myid countkeysinslot getkeysinslot replicas slaves links help': 'read',
          '*': 'write destroy',
        }),
      },
      sentinel: {
        effects: 'write',
        subcommands: bothCases({
          'masters master replicas slaves sentinels get-master-addr-by-name ckquorum myid info-cache': 'read',
          '*': 'write destroy',
        }),
      },
      'del unlink flushdb flushall shutdown getdel swapdb lpop rpop spop zpopmin zpopmax hdel ltrim lrem srem zrem zremrangebyscore zremrangebyrank xdel xtrim':
        'destroy',
      'set setex psetex setnx mset msetnx append incr incrby incrbyfloat decr decrby getset getex expire pexpire expireat pexpireat persist rename renamenx copy move touch hset hmset hsetnx hincrby lpush rpush lpushx rpushx linsert lset lmove rpoplpush sadd smove sinterstore sunionstore sdiffstore zadd zincrby zunionstore zinterstore xadd xgroup xack xclaim xautoclaim setrange setbit bitop bitfield pfadd pfmerge geoadd publish spublish multi exec discard watch unwatch save bgsave bgrewriteaof sort':
        'write destroy',
      'eval evalsha eval_ro evalsha_ro fcall fcall_ro script function module debug': 'escape write destroy',
      'slaveof replicaof migrate restore sync psync failover': 'transfer write destroy',
    }),
  },
}

export const databases = {
  name: 'databases',
  sources: [
    'PostgreSQL 15 --help and manual pages',
    'https://dev.mysql.com/doc/refman/8.0/en/programs.html',
    'https://mariadb.com/kb/en/clients-utilities/',
    'https://redis.io/docs/latest/develop/tools/cli/',
    'https://www.mongodb.com/docs/mongodb-shell/reference/options/',
    'SQLite 3.40 -help',
    'https://gtfobins.github.io (mysql, psql, redis, sqlite3)',
  ],
  commands: {
    // PostgreSQL.
    psql,
    'pgcli mycli litecli usql iredis mssql-cli pgadmin4 dbeaver': 'escape',
    'pg_dump pg_dumpall': {
      effects: 'transfer read',
      worst: 'transfer write',
      known: `${PG_KNOWN} -F= --format= -j= --jobs= -Z= --compress= --lock-wait-timeout= --no-sync -a --data-only -b --blobs --large-objects -B --no-blobs --no-large-objects -c --clean -C --create -E= --encoding= -n= --schema= -N= --exclude-schema= -O --no-owner -s --schema-only -S= --superuser= -t= --table= -T= --exclude-table= -x --no-privileges --no-acl --binary-upgrade --column-inserts --attribute-inserts --disable-dollar-quoting --disable-triggers --enable-row-security --exclude-table-data= --extra-float-digits= --if-exists --include-foreign-data= --inserts --load-via-partition-root --no-comments --no-publications --no-security-labels --no-subscriptions --no-table-access-method --no-tablespaces --no-toast-compression --no-unlogged-table-data --on-conflict-do-nothing --quote-all-identifiers --rows-per-insert= --section= --serializable-deferrable --snapshot= --strict-names --use-set-session-authorization -g --globals-only -r --roles-only --tablespaces-only -l= --database= --exclude-database= --no-role-passwords --extension= --restrict-key= --table-and-children= --statistics-only --no-statistics --no-data --no-schema`,
      options: { ...PG, ...VERSION, '-f= --file=': 'destroy path', '--filter=': 'path' },
      operands: 'database',
    },
    pg_restore: {
      effects: 'transfer write',
      worst: 'transfer write destroy',
      known: `${PG_KNOWN} -F= --format= -a --data-only -C --create --exit-on-error -I= --index= -j= --jobs= -n= --schema= -N= --exclude-schema= -O --no-owner -P= --function= -s --schema-only -S= --superuser= -t= --table= -T= --trigger= -x --no-privileges --no-acl -1 --single-transaction --disable-triggers --enable-row-security --if-exists --no-comments --no-data-for-failed-tables --no-publications --no-security-labels --no-subscriptions --no-table-access-method --no-tablespaces --section= --strict-names --use-set-session-authorization --restrict-key=`,
      options: {
        ...PG,
        ...VERSION,
        '-l --list': { sets: 'read' },
        '-f= --file=': 'destroy path',
        '-c --clean': 'destroy',
        '-L= --use-list= --filter=': 'path',
      },
      operands: 'read path',
    },
    'pg_basebackup pg_receivewal pg_recvlogical pg_receivexlog': {
      effects: 'transfer write',
      worst: 'transfer write escape',
      options: { ...VERSION, '-h= --host=': 'host', '-D= --pgdata= -f= --file=': 'write path' },
    },
    'createdb createlang': {
      effects: 'write',
      worst: 'write',
      known: `${PG_KNOWN} -D= --tablespace= -E= --encoding= -l= --locale= --lc-collate= --lc-ctype= --icu-locale= --locale-provider= -O= --owner= -S= --strategy= -T= --template=`,
      options: { '-h= --host=': 'host', '-U= --username=': 'user', '--maintenance-db=': 'database', ...VERSION },
      operands: ['database', 'word'],
    },
    'dropdb droplang': {
      effects: 'destroy',
      worst: 'destroy',
      known: `${PG_KNOWN} -f --force -i --interactive --if-exists`,
      options: { ...PG, ...VERSION },
      operands: 'database',
    },
    createuser: {
      effects: 'privilege write',
      worst: 'privilege write',
      known: PG_KNOWN,
      options: VERSION,
      operands: 'user',
    },
    dropuser: {
      effects: 'destroy privilege',
      worst: 'destroy privilege',
      known: `${PG_KNOWN} -i --interactive --if-exists`,
      options: VERSION,
      operands: 'user',
    },
    'vacuumdb reindexdb clusterdb': {
      effects: 'write',
      worst: 'write',
      known: PG_KNOWN,
      options: { ...PG, ...VERSION },
      operands: 'database',
    },
    pg_isready: {
      effects: 'read',
      worst: 'read transfer',
      known: '-q --quiet -p= --port= -t= --timeout= -U= --username= -V --version -? --help',
      options: { '-h= --host= -d= --dbname=': 'host' },
    },
    'pg_config pg_controldata pg_lsclusters pg_waldump pg_xlogdump pg_test_timing pg_amcheck pg_verifybackup oid2name':
      { effects: 'read', worst: 'read' },
    // Their keys cancel and terminate backends.
    'pg_activity pg_top pgcenter': 'write escape',
    'pgbadger pgmetrics check_postgres check_postgres.pl': {
      effects: 'read',
      worst: 'read write escape',
    },
    'pg_test_fsync pg_checksums': 'write',
    pgbench: { effects: 'write destroy', worst: 'write destroy escape' },
    'pg_ctl pg_ctlcluster': {
      effects: 'write',
      known:
        '-s --silent -t= --timeout= -w --wait -W --no-wait -c --core-files -m= --mode= --skip-systemctl-redirect -f --force --foreground',
      options: {
        ...VERSION,
        '-D= --pgdata=': 'path',
        '-l= --log=': 'write path',
        '-o= --options= -p=': 'escape',
        '-U= -P= -N= -S= -e=': 'privilege',
      },
      operands: {
        patterns: { status: 'word', kill: { effects: 'destroy' }, immediate: { effects: 'destroy' }, '*': 'word' },
      },
    },
    'pg_createcluster pg_upgradecluster pg_renamecluster pg_conftool initdb pg_rewind pg_upgrade pg_resetwal pg_resetxlog pg_archivecleanup pg_combinebackup pg_createsubscriber':
      'write destroy privilege',
    pg_dropcluster: 'destroy',
    'postgres postmaster pgbouncer pgpool': 'escape privilege',
    'patronictl repmgr pg_autoctl pgbackrest barman wal-g wal-e pg_probackup': {
      effects: 'read',
      worst: 'write destroy transfer escape',
      options: { '-c= -f= --config-file= --config=': 'path', '--stanza= --repo=': 'word' },
      subcommands: {
        'list info show-config topology history version check status show-server list-servers list-backup list-backups show-backup backup-list wal-show cluster node help':
          { effects: 'read', worst: 'read write' },
        'backup backup-push archive-push archive-get wal-push wal-fetch recover restore backup-fetch':
          'write transfer destroy',
        '*': 'write destroy transfer escape',
      },
    },

    // MySQL and MariaDB.
    'mysql mariadb': mysql,
    mysqlsh: 'escape transfer',
    'mysqldump mariadb-dump mysqlpump mydumper mariadb-backup mariabackup xtrabackup innobackupex': {
      effects: 'transfer read',
      worst: 'transfer write destroy escape',
      known: `${MYSQL_KNOWN} -A --all-databases -B --databases -d --no-data -t --no-create-info -n --no-create-db -R --routines -E --events --triggers --skip-triggers -q --quick --single-transaction --lock-tables --skip-lock-tables -x --lock-all-tables -F --flush-logs --flush-privileges --opt --skip-opt -e --extended-insert --skip-extended-insert -c --complete-insert --add-drop-table --add-drop-database --skip-add-drop-table --add-locks --skip-add-locks --hex-blob --master-data=? --source-data=? --dump-slave=? --set-gtid-purged= --column-statistics= --compact --comments --skip-comments -i --dump-date --skip-dump-date -K --disable-keys -f --force --no-tablespaces -y --order-by-primary --replace --insert-ignore --tz-utc --skip-tz-utc -w= --where= --ignore-table= --tables -Y --all-tablespaces --compatible= --create-options -N --no-set-names --skip-set-charset -X --xml --net-buffer-length= --gtid`,
      options: {
        ...MYSQL,
        '-r= --result-file=': 'destroy path',
        '-T= --tab= --target-dir= --outputdir=': 'write path',
        '--delete-master-logs --delete-source-logs': 'destroy',
        '--backup --prepare --copy-back --move-back': 'write',
      },
      operands: ['database', 'word'],
    },
    'mysqladmin mariadb-admin': {
      effects: 'read',
      known: `${MYSQL_KNOWN} -b --no-beep -c= --count= -f --force -i= --sleep= -r --relative -E --vertical -w=? --wait=? -l --local --shutdown-timeout=`,
      options: MYSQL,
      operands: {
        patterns: {
          status: 'word',
          'extended-status': 'word',
          ping: 'word',
          processlist: 'word',
          proc: 'word',
          variables: 'word',
          version: 'word',
          'ext*': 'word',
          drop: { effects: 'destroy' },
          kill: { effects: 'destroy' },
          shutdown: { effects: 'destroy' },
          'password*': { effects: 'privilege write' },
          'old-password': { effects: 'privilege write' },
          '*': { effects: 'write destroy privilege' },
        },
      },
    },
    'mysqlshow mariadb-show perror my_print_defaults resolveip innochecksum mysql_config mariadb_config mysqldumpslow mariadb-dumpslow myisam_ftdump mariadb-conv':
      { effects: 'read', worst: 'read' },
    'mysqlcheck mariadb-check mysqlanalyze mysqloptimize mysqlrepair mariadb-analyze mariadb-optimize mariadb-repair mysql_upgrade mariadb-upgrade mysql_tzinfo_to_sql mariadb-tzinfo-to-sql myisampack myisamchk aria_chk aria_pack mysql_convert_table_format mariadb-convert-table-format mysqlslap mariadb-slap':
      'write',
    'mysqlimport mariadb-import myloader': 'transfer write',
    'mysqlbinlog mariadb-binlog': {
      effects: 'read transfer',
      worst: 'read transfer write',
      options: { '-r= --result-file=': 'write path' },
      operands: 'read path',
    },
    'mysql_install_db mariadb-install-db mysql_secure_installation mariadb-secure-installation mysql_config_editor mysql_setpermission mariadb-setpermission mysql_ssl_rsa_setup':
      'write privilege',
    mysqlhotcopy: 'write transfer',
    'mysqld mysqld_safe mariadbd mariadbd-safe mysqld_multi mysqlrouter proxysql maxscale mysql_embedded galera_new_cluster galera_recovery garbd garb-systemd':
      'escape privilege',
    'pt-query-digest pt-summary pt-mysql-summary pt-show-grants pt-variable-advisor pt-duplicate-key-checker pt-index-usage pt-diskstats pt-mext pt-visual-explain pt-config-diff':
      'read transfer escape',
    'pt-online-schema-change pt-archiver pt-kill pt-table-sync pt-table-checksum pt-slave-restart pt-slave-find pt-heartbeat pt-stalk pt-find pt-deadlock-logger gh-ost orchestrator-client mytop innotop':
      'write destroy escape',

    // Redis and relatives.
    'redis-cli valkey-cli keydb-cli redis6-cli': redis,
    'redis-server valkey-server keydb-server redis-sentinel valkey-sentinel memcached dragonfly':
      'escape privilege write',
    'redis-benchmark valkey-benchmark memtier_benchmark': 'write destroy',
    'redis-check-rdb redis-check-dump valkey-check-rdb': ['read', 'path'],
    'redis-check-aof valkey-check-aof': {
      effects: 'read',
      worst: 'read destroy',
      options: { '--fix --truncate-to-timestamp=': 'destroy' },
      operands: 'path',
    },
    'memcached-tool memcstat memcdump': {
      effects: 'read',
      operands: [
        'host',
        {
          patterns: {
            display: 'word',
            stats: 'word',
            settings: 'word',
            sizes: 'word',
            dump: 'word',
            keys: 'word',
            '*': { effects: 'write destroy' },
          },
        },
      ],
    },
    'memccat memcping memcexist': 'read',
    'memccp memcrm memcflush memctouch': 'destroy transfer',

    // MongoDB.
    'mongosh mongo': {
      effects: 'read',
      gtfobins: ['shell'],
      known:
        '--port= -u= --username= -p=? --password=? --authenticationDatabase= --authenticationMechanism= --quiet --norc --json=? --tls --ssl --tlsAllowInvalidCertificates --tlsAllowInvalidHostnames --tlsUseSystemCA --retryWrites=? --apiVersion= --apiStrict --verbose --disableImplicitSessions --skipStartupWarnings --redactInfo --ipv6 --networkMessageCompressors= --gssapiServiceName= --sslAllowInvalidCertificates',
      options: {
        '--host=': 'host',
        '--eval=': {
          argument: 'code mongo',
          operands: { patterns: { 'mongodb*': 'url', '*.js': 'script', '*/*': 'script', '*': 'database' } },
        },
        '-f= --file=': 'script',
        '--shell --build-info': 'escape',
        '--version --help -h': { sets: 'read' },
        '--tlsCertificateKeyFile= --tlsCAFile= --tlsCRLFile= --sslPEMKeyFile= --sslCAFile=': 'path',
        '--browser= --nodb --jsContext=': 'escape',
      },
      operands: [
        { patterns: { 'mongodb*': 'url', '*.js': 'script', '*.mongodb': 'script', '*': 'database' } },
        'script',
      ],
      needs: 'option',
      bare: 'escape',
      stdin: 'code mongo',
    },
    'mongodump mongoexport mongofiles': {
      effects: 'transfer write',
      worst: 'transfer write destroy',
      known:
        '--port= -d= --db= -c= --collection= -u= --username= -p= --password= --authenticationDatabase= --gzip --oplog -q= --query= -f= --fields= --type= --ssl --quiet -v --verbose --jsonArray --pretty --limit= --sort= --skip= --readPreference= -j= --numParallelCollections=',
      options: {
        '-h= --host=': 'host',
        '--uri=': 'url',
        '-o= --out= --archive=?': 'write path',
        '--version --help': { sets: 'read' },
      },
    },
    'mongorestore mongoimport': {
      effects: 'transfer write',
      worst: 'transfer write destroy',
      known:
        '--port= -d= --db= -c= --collection= -u= --username= -p= --password= --authenticationDatabase= --gzip --quiet -v --verbose --type= --headerline --jsonArray --nsInclude= --nsExclude= --nsFrom= --nsTo= --dryRun --numInsertionWorkers= --stopOnError --dir= --archive=?',
      options: {
        '-h= --host=': 'host',
        '--uri=': 'url',
        '--drop': 'destroy',
        '--mode=': { patterns: { delete: { effects: 'destroy' }, '*': 'word' } },
        '--file=': 'read path',
        '--version --help': { sets: 'read' },
      },
      operands: 'read path',
    },
    'mongostat mongotop bsondump': { effects: 'read', worst: 'read write' },
    'mongod mongos mongocryptd': 'escape privilege write',

    // SQLite, and other SQL.
    'sqlite3 sqlite sqlcipher': {
      effects: 'read',
      syntax: 'single-dash',
      gtfobins: ['shell', 'file-read', 'file-write'],
      known:
        '-append -ascii -bail -batch -box -column -csv -deserialize -echo -header -headers -noheader -noheaders -html -interactive -json -line -list -markdown -maxsize= -memtrace -mmap= -newline= -nofollow -nonce= -nullvalue= -quote -readonly -safe -separator= -stats -table -tabs -unsafe-testing -utf8 -no-utf8 -vfs= -no-rowid-in-view -lookaside== -pagecache== -escape= -ifexists',
      options: {
        '-cmd=': 'code sql',
        '-init=': 'script',
        '-A -zip -vfstrace= -multiplex': 'write',
        '-help -version': { sets: 'read' },
      },
      operands: ['path', 'code sql'],
      bare: 'escape',
      stdin: 'code sql',
    },
    sqldiff: ['read', 'path'],
    'sqlcmd tsql bsqldb fisql': {
      effects: 'read',
      known:
        '-P= -p -d= -E -G -C -N=? -l= -t= -W -w= -s= -h= -b -V= -m= -r=? -y= -Y= -k=? -u -I -e -R -a= -X=? -x -g -H= -K= -M -j',
      options: {
        '-S=': 'host',
        '-U=': 'user',
        '-Q= -q=': 'code sql',
        '-i=': 'script',
        '-o=': 'destroy path',
        '-v=': 'word',
        '-?': { sets: 'read' },
        '-A': 'privilege',
      },
      // -q stays at its prompt afterwards; `:!!` there runs a command.
      needs: 'option',
      bare: 'escape',
      stdin: 'code sql',
      worst: 'escape write destroy',
    },
    bcp: 'transfer write',
    'sqlplus rman expdp impdp exp imp dgmgrl asmcmd srvctl crsctl sqlldr lsnrctl adrci':
      'escape write destroy transfer',
    tnsping: ['read', 'host'],
    'db2 db2cli isql isql-fb gbak gfix nbackup fbsvcmgr iusql ij hdbsql vsql dbaccess tbsql': 'escape write transfer',
    cqlsh: {
      effects: 'read',
      known:
        '-C --color --no-color --ssl -u= --username= -p= --password= -k= --keyspace= --protocol-version= --connect-timeout= --request-timeout= -t --tty --no-file-io --encoding= --consistency-level= --serial-consistency-level=',
      options: {
        '-e= --execute=': { argument: 'code sql', operands: ['host', 'word'] },
        '-f= --file=': 'script',
        '--cqlshrc= --credentials=': 'path',
        '--browser= --debug --coverage': 'escape',
        '--version -h --help': { sets: 'read' },
      },
      operands: ['host', 'word'],
      needs: 'option',
      bare: 'escape',
      stdin: 'code sql',
    },
    nodetool: {
      effects: 'read',
      known: '-p= --port= -u= --username= -pw= --password= -pp --print-port -r --resolve-ip',
      options: { '-h= --host=': 'host', '-pwf= --password-file=': 'path' },
      subcommands: {
        'status info ring describering describecluster tpstats tablestats cfstats tablehistograms cfhistograms compactionstats compactionhistory netstats gossipinfo version proxyhistograms toppartitions getendpoints getcompactionthroughput getstreamthroughput gettraceprobability failuredetector statusgossip statusbinary statusbackup statushandoff listsnapshots getlogginglevels viewbuildstatus rangekeysample gcstats getseeds getsstables help':
          'read',
        'decommission removenode assassinate clearsnapshot truncatehints stop stopdaemon drain garbagecollect cleanup':
          'destroy',
        '*': 'write destroy',
      },
    },
    'sstabledump sstablemetadata sstableverify': ['read', 'path'],
    'sstableloader sstablescrub sstableupgrade sstablesplit cassandra-stress cassandra': 'write transfer destroy',
    'clickhouse-client clickhouse-local chdb': {
      effects: 'read',
      known:
        '-p= --port= -s --secure --password=? --ask-password -f= --format= -F= -t --time --vertical -E --stacktrace --progress --no-progress --highlight= -m --multiline -n --multiquery --send_logs_level= --param_* --max_threads= --max_memory_usage= -A --compression= --echo --hilite= --ignore-error --no-warnings --disable_suggestion --accept-invalid-certificate -V --version',
      options: {
        '-h= --host=': 'host',
        '-u= --user=': 'user',
        '-d= --database=': 'database',
        '-q= --query=': 'code sql',
        '--queries-file= -i=': 'script',
        '-C= -c= --config= --config-file= --path=': { argument: { is: 'path', effects: 'escape' } },
        '-v --version --help': { sets: 'read' },
        '-N= --file= --table= -S= --structure= --input-format= --output-format=': 'word',
      },
      operands: { is: 'word', effects: 'escape' },
      needs: 'option',
      bare: 'escape',
      stdin: 'code sql',
      worst: 'escape write destroy transfer',
    },
    'clickhouse clickhouse-server clickhouse-keeper clickhouse-copier clickhouse-benchmark clickhouse-obfuscator':
      'escape write destroy transfer',
    'influx influxdb3': {
      effects: 'read',
      known:
        '--port= -port= --precision= --format= --org= -o= --org-id= --bucket= -b= --skip-verify --json --hide-headers --token= -t= --username= --password= --database= -database= --ssl --unsafeSsl --pretty',
      options: {
        '-host= --host=': 'transfer host',
        '-execute= -e=': 'code sql',
        '-import -path=': 'transfer write',
        '-version -v --version': { sets: 'read' },
      },
      subcommands: {
        'ping version help': 'read',
        query: 'read transfer',
        'bucket org user auth task config telegrafs secret v1 stacks dashboards remote replication': {
          effects: 'read',
          subcommands: { 'list ls find': 'read', delete: 'destroy', '*': 'write privilege' },
        },
        'write backup export apply template pkg transpile': 'write transfer',
        'delete restore': 'destroy',
        'setup server-config': 'privilege write',
        '*': 'write destroy escape',
      },
      bare: 'escape',
      needs: 'option',
      stdin: 'code sql',
    },
    'influxd influx_inspect cockroach yugabyted ysqlsh ycqlsh tiup snowsql bteq presto trino trino-cli beeline hive impala-shell spark-sql spark-shell spark-submit pyspark druid duckdb cypher-shell neo4j neo4j-admin arangosh rethinkdb couch cbq questdb surreal edgedb dolt':
      'escape write destroy transfer',
    'hdfs hadoop': {
      effects: 'read',
      subcommands: {
        'dfs fs': {
          effects: 'read',
          syntax: 'posix',
          worst: 'write destroy transfer',
          options: {
            '-ls -lsr -du -df -count -cat -text -stat -tail -head -test -checksum -find -getfacl -getfattr -help -usage':
              'read',
            '-put -get -copyFromLocal -copyToLocal -moveFromLocal -getmerge -cp -mv -mkdir -touch -touchz -appendToFile -setrep -setfattr -createSnapshot -renameSnapshot -concat':
              'write transfer',
            '-rm -rmr -rmdir -expunge -truncate -deleteSnapshot': 'destroy',
            '-chmod -chown -chgrp -setfacl': 'write privilege',
          },
        },
        'version classpath checknative getconf groups lsSnapshottableDir snapshotDiff': 'read',
        '*': 'escape write destroy transfer',
      },
    },
    'hbase mapred sqoop oozie zkCli.sh zookeeper-shell zookeeper-shell.sh pig flink': 'escape write destroy transfer',
    'zkServer.sh zookeeper-server-start.sh zookeeper-server-stop.sh': {
      effects: 'write',
      worst: 'write escape',
      operands: { patterns: { status: 'word', version: 'word', '*': 'word' } },
    },

    // Keys, queues, streams.
    etcdctl: {
      effects: 'read',
      globalOptions: true,
      known:
        '--cacert= --cert= --key= --command-timeout= --dial-timeout= --keepalive-time= --keepalive-timeout= --insecure-transport=? --insecure-skip-tls-verify=? --user= --password= -w= --write-out= --hex=? --debug=? -d= --discovery-srv= --prefix=? --keys-only=? --count-only=? --limit= --order= --sort-by= --rev= --consistency= --print-value-only=? --from-key=? --cluster=? -h --help',
      options: { '--endpoints=': 'host' },
      subcommands: {
        'get version ls': { effects: 'read', worst: 'read' },
        endpoint: { effects: 'read', worst: 'read' },
        check: 'read write',
        // With words after the key it runs them at each change.
        watch: {
          effects: 'read',
          known: '-i --interactive --prev-kv --progress-notify',
          options: { '-i --interactive': 'escape' },
          operands: ['word', 'command'],
        },
        'put txn lease compaction defrag move-leader elect mkdir mk set update setdir updatedir upgrade': 'write',
        'make-mirror': 'write transfer',
        completion: 'read',
        'del rm rmdir': 'destroy',
        member: { effects: 'read', subcommands: { list: 'read', remove: 'destroy', '*': 'write' } },
        alarm: { effects: 'read', subcommands: { list: 'read', '*': 'write' } },
        snapshot: {
          effects: 'read',
          subcommands: { status: 'read', save: 'transfer write', restore: 'destroy write' },
        },
        'auth user role': { effects: 'privilege', subcommands: { 'get list status': 'read', '*': 'privilege write' } },
        'lock exec-watch': { effects: 'write', worst: 'write escape', operands: ['word', 'command'] },
      },
    },
    'etcd etcdutl': 'write destroy escape',
    'rabbitmqctl rabbitmq-diagnostics rabbitmq-queues rabbitmq-streams rabbitmq-upgrade rabbitmq-plugins': {
      effects: 'read',
      known:
        '-n= --node= -q --quiet -s --silent -t= --timeout= -l --longnames -p= --vhost= --formatter= --script-name= --offline --online --no-table-headers --dry-run --local',
      globalOptions: true,
      subcommands: {
        'status list_* cluster_status environment report ping help version check_* node_health_check is_* os_env memory_breakdown alarms listeners erlang_version server_version runtime_thread_stats quorum_status log_tail log_location maybe_stuck tls_versions cipher_suites resolve_* discover_peers command_line_arguments list directories schema_info hash_password consume_event_stream':
          'read',
        'add_user change_password clear_password authenticate_user set_user_tags set_permissions clear_permissions set_topic_permissions clear_topic_permissions set_user_limits clear_user_limits':
          'privilege write',
        'delete_* purge_queue reset force_reset stop stop_app shutdown forget_cluster_node close_connection close_all_* clear_* force_boot force_gc':
          'destroy',
        // Erlang code.
        'eval eval_file exec remote_shell observer': 'escape',
        '*': 'write',
      },
    },
    rabbitmqadmin: {
      effects: 'read',
      worst: 'write destroy transfer',
      known:
        '-f= --format= -V= --vhost= -u= --username= -p= --password= -P= --port= -q --quiet -s --ssl -k -d= --depth= -S= --sort=',
      options: {
        '-H= --host=': 'transfer host',
        '-c= --config= --ssl-ca-cert-file= --ssl-cert-file= --ssl-key-file=': 'path',
      },
      subcommands: {
        'list show help': 'read',
        'delete purge close': 'destroy',
        'declare publish get import export': 'write transfer privilege',
      },
    },
    'kafka-topics.sh kafka-topics kafka-consumer-groups.sh kafka-consumer-groups kafka-configs.sh kafka-configs kafka-acls.sh kafka-acls kafka-log-dirs.sh kafka-log-dirs kafka-broker-api-versions.sh kafka-broker-api-versions kafka-leader-election.sh kafka-leader-election kafka-metadata-quorum.sh kafka-metadata-quorum kafka-reassign-partitions.sh kafka-reassign-partitions kafka-get-offsets.sh kafka-get-offsets kafka-delete-records.sh kafka-delete-records kafka-features.sh kafka-transactions.sh':
      {
        effects: 'read',
        known:
          '--list --describe --topic= --group= --all-groups --all-topics --members --state --offsets --verbose --version --help --timeout= --entity-type= --entity-name= --all --under-replicated-partitions --unavailable-partitions --under-min-isr-partitions --at-min-isr-partitions --topics-with-overrides --exclude-internal --broker-list= --verify --time= --partition= --partitions= --replication-factor= --config= --if-exists --if-not-exists --replica-assignment= --execute-help --entity-default --broker= --users --topics --brokers= --status --replication --dry-run --from-file-help --principal= --operation= --cluster --user-principal=',
        options: {
          '--bootstrap-server= --bootstrap-controller= --zookeeper=': 'host',
          '--command-config= --admin.config= --reassignment-json-file= --topics-to-move-json-file= --path-to-json-file=':
            'path',
          '--create --alter --add-config= --add-config-file= --generate --execute --election-type= --preferred --upgrade --downgrade --throttle= --to-earliest --to-latest --to-offset= --to-datetime= --by-duration= --shift-by= --to-current':
            'write',
          '--reset-offsets --delete --delete-offsets --delete-config= --offset-json-file= --cancel': 'destroy',
          '--add --remove --allow-principal= --deny-principal= --allow-host= --deny-host= --producer --consumer --force --resource-pattern-type= --authorizer-properties= --authorizer=':
            'privilege write',
        },
        worst: 'write destroy privilege',
      },
    'kafka-console-consumer.sh kafka-console-consumer kafka-verifiable-consumer.sh kafka-dump-log.sh kafka-dump-log kcat kafkacat':
      {
        effects: 'read transfer',
        worst: 'write transfer escape',
        options: {
          '--bootstrap-server= -b=': 'host',
          '-P -T': 'write',
          '--formatter= --property= --consumer.config= -F= -X=': 'escape',
        },
      },
    'kafka-console-producer.sh kafka-console-producer kafka-producer-perf-test.sh kafka-verifiable-producer.sh kafka-mirror-maker.sh kafka-replica-verification.sh connect-distributed.sh connect-standalone.sh kafka-streams-application-reset.sh kafka-storage.sh kafka-cluster.sh rpk':
      'write transfer destroy escape',
    'kafka-server-start.sh kafka-server-start kafka-server-stop.sh kafka-server-stop kafka-run-class.sh kafka-run-class ksql ksqldb':
      'escape write destroy',
    'nats nsc pulsar-admin pulsar-client activemq artemis mqsc runmqsc dspmq': 'write transfer destroy',
    'mosquitto_sub mosquitto_rr': { effects: 'transfer read', worst: 'transfer read' },
    mosquitto_pub: 'transfer write',
    'mosquitto mosquitto_passwd mosquitto_ctrl': {
      effects: 'write privilege escape',
      gtfobins: ['file-read'],
      worst: 'write privilege escape',
    },

    // Search.
    'elasticsearch opensearch elasticsearch-plugin elasticsearch-keystore elasticsearch-certutil elasticsearch-reset-password elasticsearch-users elasticsearch-setup-passwords elasticsearch-service-tokens kibana logstash logstash-plugin filebeat metricbeat packetbeat heartbeat auditbeat solr elasticdump curator meilisearch typesense-server':
      'write privilege transfer escape',
    'lmdb_dump mdb_dump mdb_stat db_dump db_stat db5.3_dump db5.3_stat tdbdump': ['read', 'path'],
    'mdb_load mdb_copy db_load db_recover db_upgrade db5.3_load tdbbackup tdbrestore': 'write',
    tdbtool: { effects: 'escape write', gtfobins: ['shell'], worst: 'escape write' },
    'ldapsearch ldapwhoami ldapcompare ldapurl': {
      effects: 'read transfer',
      worst: 'read transfer write',
      options: { '-H= --uri=': 'transfer url', '-h=': 'transfer host', '-T=': 'write path' },
      known:
        '-x -L -LL -LLL -W -b= -s= -D= -w= -y= -f= -l= -z= -v -n -Z -ZZ -Y= -U= -R= -o= -E= -e= -p= -P= -a= -A -t -u -S= -C -c -d= -I -N -O= -Q -X= -V',
    },
    'ldapadd ldapmodify ldapmodrdn ldapexop slapadd slapindex ldbadd ldbmodify ldbedit': 'write transfer privilege',
    'ldapdelete ldbdel': 'destroy transfer',
    'ldappasswd slappasswd': 'privilege',
    'slapcat slaptest slapacl slapauth slapdn ldbsearch': 'read',
    slapd: 'escape privilege',
  },
} satisfies Family
