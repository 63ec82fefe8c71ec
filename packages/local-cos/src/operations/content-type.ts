/**
 * File suffixes by content type, for objects stored without a `Content-Type`: COS guesses the type from the key
 * (436/7749). Type names are those of https://www.iana.org/assignments/media-types.
 */
const suffixesOfType: Readonly<Record<string, string>> = {
  'application/gzip': 'gz tgz',
  'application/javascript': 'js mjs',
  'application/json': 'json map',
  'application/msword': 'doc',
  'application/pdf': 'pdf',
  'application/rtf': 'rtf',
  'application/vnd.android.package-archive': 'apk',
  'application/vnd.ms-excel': 'xls',
  'application/vnd.ms-powerpoint': 'ppt',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'pptx',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/wasm': 'wasm',
  'application/x-7z-compressed': '7z',
  'application/x-tar': 'tar',
  'application/xml': 'xml',
  'application/zip': 'zip',
  'audio/aac': 'aac',
  'audio/flac': 'flac',
  'audio/mp4': 'm4a',
  'audio/mpeg': 'mp3',
  'audio/ogg': 'oga ogg',
  'audio/wav': 'wav',
  'font/otf': 'otf',
  'font/ttf': 'ttf',
  'font/woff': 'woff',
  'font/woff2': 'woff2',
  'image/avif': 'avif',
  'image/bmp': 'bmp',
  'image/gif': 'gif',
  'image/heic': 'heic',
  'image/jpeg': 'jpg jpeg',
  'image/png': 'png',
  'image/svg+xml': 'svg',
  'image/tiff': 'tif tiff',
  'image/webp': 'webp',
  'text/css': 'css',
  'text/csv': 'csv',
  'text/html': 'html htm',
  'text/markdown': 'md',
  'text/plain': 'txt log',
  'video/mp4': 'mp4',
  'video/mpeg': 'mpg mpeg',
  'video/quicktime': 'mov',
  'video/webm': 'webm',
  'video/x-matroska': 'mkv',
  'video/x-msvideo': 'avi',
}

const typeOfSuffix: ReadonlyMap<string, string> = new Map(
  Object.entries(suffixesOfType).flatMap(([type, suffixes]) =>
    suffixes.split(' ').map((suffix) => [suffix, type] as const),
  ),
)

/** Content type for the suffix of a key; `undefined` if unknown. */
export function contentTypeOf(key: string): string | undefined {
  const [, suffix = ''] = /\.([a-z0-9]+)$/i.exec(key) ?? []
  return typeOfSuffix.get(suffix.toLowerCase())
}
