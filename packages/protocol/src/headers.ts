/** In which the server tells an anonymous owner its key, and takes it back when the cookie is gone or not allowed. */
export const ownerHeader = 'carryon-owner'
