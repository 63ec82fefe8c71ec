/**
 * Whether this is an iPhone or iPad, whose photo picker re-encodes a video at each pick. An iPad calls itself a Mac;
 * only its touch points tell.
 */
export function isApplePhone({
  userAgent,
  maxTouchPoints,
}: Pick<Navigator, 'userAgent' | 'maxTouchPoints'>): boolean {
  return /iPhone|iPad|iPod/.test(userAgent) || (userAgent.includes('Macintosh') && maxTouchPoints > 1)
}
