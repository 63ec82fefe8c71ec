/** A package that is loaded on demand is not installed. */
export class MissingPackageError extends Error {
  /** Always `MissingPackageError`. */
  override readonly name = 'MissingPackageError'
}

/**
 * Loads an optional package.
 *
 * @param use what needs it, as the beginning of a sentence
 * @throws MissingPackageError that says how to install it.
 */
export async function optionalPackage<Module>(
  name: string,
  use: string,
  load: () => Promise<Module>,
): Promise<Module> {
  try {
    return await load()
  } catch (error) {
    if (!isMissing(error, name)) throw error
    throw new MissingPackageError(
      `${use} needs the package ${name}, which is not installed: npm install ${name}`,
      { cause: error },
    )
  }
}

/** Compares the name, because a missing dependency of the package is a different error. */
function isMissing(error: unknown, name: string): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false
  return /^(?:ERR_)?MODULE_NOT_FOUND$/u.test(String(error.code)) && error.message.includes(`'${name}'`)
}
