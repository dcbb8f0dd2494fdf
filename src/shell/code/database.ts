/** Commands of Redis and of mongosh, by their names. What is not known to look only counts as the worst it could be. */
import { isKnown } from '../argument.ts'
import { DESTROY, type EffectSet, ESCAPE, OPAQUE, PRIVILEGE, READ, TRANSFER, UNKNOWN, WRITE } from '../effects.ts'
import type { Finding } from '../finding.ts'

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '))

// Source: redis.io/commands, by ACL category (@read, @write, @dangerous).
const REDIS: readonly (readonly [ReadonlySet<string>, EffectSet])[] = [
  [
    words(
      'get mget getrange strlen exists ttl pttl type keys scan hget hmget hgetall hkeys hvals hlen hexists hscan lrange llen lindex smembers sismember scard sscan srandmember zrange zrevrange zrangebyscore zscore zcard zcount zrank zscan xrange xrevrange xlen xinfo xpending bitcount bitpos getbit pfcount geopos geodist geosearch object memory info ping echo dbsize time lastsave role slowlog latency monitor subscribe psubscribe pubsub command select auth hello client cluster expiretime dump randomkey',
    ),
    READ,
  ],
  [
    words(
      'del unlink flushdb flushall shutdown getdel swapdb lpop rpop spop zpopmin zpopmax hdel ltrim lrem srem zrem xdel xtrim',
    ),
    DESTROY,
  ],
  [words('eval evalsha eval_ro evalsha_ro fcall fcall_ro script function module debug'), ESCAPE],
  [words('config acl'), WRITE | PRIVILEGE],
  [words('slaveof replicaof migrate restore sync psync failover'), TRANSFER | WRITE],
]

export function readRedis(text: string, finding: Finding): void {
  if (!isKnown(text)) finding.add(OPAQUE | DESTROY, 'a Redis command that is not known')
  const [name = '', sub = ''] = text.trim().toLowerCase().split(/\s+/)
  if ((name === 'config' && sub === 'get') || (name === 'acl' && /^(?:list|whoami|users|getuser|cat|log)$/.test(sub)))
    finding.add(READ)
  else if (
    (name === 'client' && /^(?:kill|pause|unblock)$/.test(sub)) ||
    (name === 'cluster' && !/^(?:info|nodes|slots|shards|keyslot|myid)?$/.test(sub))
  ) {
    finding.add(WRITE | DESTROY, `Redis ${name} ${sub}`)
  } else {
    const found = REDIS.find(([names]) => names.has(name))
    finding.add(found === undefined ? WRITE | DESTROY | UNKNOWN : found[1], `Redis ${name}`)
  }
}

const MONGO_READS =
  /^\s*(?:show\s+(?:dbs|databases|collections|users|roles|profile|log\w*)|use\s+\w+|(?:db|rs|sh)\.(?:stats|serverStatus|version|hello|status|conf|getName|getCollectionNames|getCollectionInfos|currentOp|hostInfo|printReplicationInfo|printSecondaryReplicationInfo)\(\s*\)|db(?:\.\w+)+\.(?:find|findOne|countDocuments|estimatedDocumentCount|count|distinct|getIndexes|stats)\([^()`$]*\)(?:\.(?:limit|sort|skip|pretty|count|toArray|explain)\([^()`$]*\))*)\s*;?\s*$/

/** A mongosh script: JavaScript, so it is `escape` unless it is one call that only looks. */
export function readMongo(text: string, finding: Finding): void {
  if (isKnown(text) && MONGO_READS.test(text)) {
    finding.add(READ)
    return
  }
  let effects: EffectSet = ESCAPE
  if (!isKnown(text)) effects |= OPAQUE
  if (/\b(?:insert|update|replace|bulkWrite|create|save|findAndModify|findOneAnd|rename|set)\w*\s*\(/i.test(text))
    effects |= WRITE
  if (/\b(?:delete|remove|drop|shutdown|fsync)\w*\s*\(/i.test(text)) effects |= DESTROY
  if (/\b(?:createUser|updateUser|grant\w*|revoke\w*|createRole)\s*\(/i.test(text)) effects |= PRIVILEGE
  finding.add(effects, 'a mongosh script')
}

/** An nft script: commands by their first word, separated by `;` or newlines (nft(8)). */
export function readNft(text: string, finding: Finding): void {
  if (!isKnown(text)) finding.add(OPAQUE | DESTROY, 'an nft script of which a part is not known')
  for (const command of text.split(/[;\n]/)) {
    const [word = ''] = command.trim().split(/\s+/)
    if (word === '' || word.startsWith('#') || word === '}' || word === '{') continue
    if (/^(?:list|monitor|describe|export)$/.test(word)) finding.add(READ)
    else if (/^(?:delete|flush|destroy|reset)$/.test(word)) finding.add(DESTROY, `nft ${word}`)
    else if (/^(?:add|create|insert|replace|rename|table|chain|set|map)$/.test(word)) finding.add(WRITE, `nft ${word}`)
    else finding.add(WRITE | DESTROY | OPAQUE, `nft ${word}`)
  }
}
