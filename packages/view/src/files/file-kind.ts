/** The kind of file that an icon shows. */
export type FileKind = 'image' | 'video' | 'audio' | 'archive' | 'document' | 'other'

const endings: Readonly<Record<Exclude<FileKind, 'other'>, string>> = {
  image: 'jpg jpeg png gif webp avif heic heif bmp tif tiff svg psd raw dng cr2 nef',
  video: 'mp4 mov mkv avi webm m4v mts m2ts wmv flv mpg mpeg 3gp',
  audio: 'mp3 wav flac aac m4a ogg opus wma aiff',
  archive: 'zip rar 7z tar gz tgz bz2 xz zst iso dmg img',
  document: 'pdf doc docx xls xlsx ppt pptx txt md csv rtf odt ods odp pages numbers key',
}

const kinds = new Map(
  Object.entries(endings).flatMap(([kind, list]) =>
    list.split(' ').map((ending) => [ending, kind as FileKind]),
  ),
)

/** The kind by file extension: the file is not read for an icon, and its media type is not always known. */
export function fileKindOf(name: string): FileKind {
  return kinds.get(name.slice(name.lastIndexOf('.') + 1).toLowerCase()) ?? 'other'
}
