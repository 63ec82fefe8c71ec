/** A policy that this store cannot carry out. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError'
}
