/** A call to the running bastion that a command names, as whoever is signed in here. */
import { type Call, callApi } from './cli/api.ts'

export async function call(url: string, path: string, request: Omit<Call, 'token'>): Promise<Response> {
  // The identity provider's library is needed only where no token is at hand.
  const token = process.env.SALLYPORT_TOKEN || (await (await import('./cli-sign-in.ts')).tokenFor(url, process.env))
  return callApi(url, path, { ...request, token })
}
