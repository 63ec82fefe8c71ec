/** A package that is loaded when it is used, and is not installed. */
export class MissingPackageError extends Error {
  /** Always `MissingPackageError`. */
  override readonly name = 'MissingPackageError'
}

/**
 * Loads a package that not everybody needs.
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

/** Another package that this one needs may be missing too: that is another error. */
function isMissing(error: unknown, name: string): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false
  return /^(?:ERR_)?MODULE_NOT_FOUND$/u.test(String(error.code)) && error.message.includes(`'${name}'`)
}
