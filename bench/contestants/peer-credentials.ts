/** Key prefix under which the server lets the S3 peers write. */
export const peerPrefix = 'peers/'

export interface PeerCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
}

/** Gets temporary credentials from the application's server. */
export async function fetchCredentials(): Promise<PeerCredentials> {
  const answer = await fetch('/peer-credentials')
  if (!answer.ok) throw new Error(`/peer-credentials answered ${answer.status}`)
  return (await answer.json()) as PeerCredentials
}
