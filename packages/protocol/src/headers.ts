/**
 * The server sends an anonymous owner its key in this header; the client sends it back when the cookie is missing or
 * not allowed.
 */
export const ownerHeader = 'carryon-owner'
