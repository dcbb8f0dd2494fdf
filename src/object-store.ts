/** Opens the object store that the configuration names. */
import { folderObjects } from './blob/folder/objects.ts'
import { s3Objects } from './blob/s3/objects.ts'
import type { Clock } from './core/clock.ts'
import type { ObjectStore } from './core/ports.ts'
import type { S3Keys, StorePlace } from './recording-store.ts'
import { readSecret } from './sign-in-services.ts'

export async function openObjectStore(
  place: StorePlace,
  { env, clock }: { readonly env: NodeJS.ProcessEnv; readonly clock: Clock },
): Promise<ObjectStore> {
  if (place.kind === 'folder') return folderObjects({ folder: place.folder })
  return s3Objects({ ...place, credentials: await s3Keys(place.credentials, env) }, { clock })
}

export async function s3Keys(keys: S3Keys | undefined, env: NodeJS.ProcessEnv) {
  if (keys === undefined) return undefined
  const secretAccessKey = await readSecret(keys.secretAccessKey, env, 'the secret access key of the recording store')
  return { accessKeyId: keys.accessKeyId, secretAccessKey }
}
