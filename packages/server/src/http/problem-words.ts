/** Languages of the pages that the server itself renders. */
export const pageLanguages = ['en', 'zh'] as const

/** One of {@link pageLanguages}. */
export type PageLanguage = (typeof pageLanguages)[number]

/** Why a person who opened a file's address does not get the file. */
export type NoFile = 'expired' | 'dead' | 'private' | 'signed-out' | 'later'

interface PageWords {
  readonly title: string
  readonly advice: string
}

/** Texts of these pages. `until`: when the link expired, formatted. */
export const problemWords: Readonly<Record<PageLanguage, (until: string) => Record<NoFile, PageWords>>> = {
  en: (until) => ({
    expired: {
      title: 'This link has expired',
      advice: `It stopped working on ${until}. Ask the person who sent it for a new one.`,
    },
    dead: {
      title: 'This link doesn’t work',
      advice:
        'The file was deleted, or part of the link is missing. Check that you have the whole link, or ask the person who sent it for a new one.',
    },
    private: {
      title: 'This file isn’t shared with you',
      advice:
        'If it is yours, open it in the browser you uploaded it with. If someone sent you this address, ask them for a share link.',
    },
    'signed-out': {
      title: 'Sign in to open this file',
      advice: 'Sign in, and open it again. If someone sent you this address, ask them for a share link.',
    },
    later: {
      title: 'This file can’t be opened right now',
      advice: 'Nothing is wrong with your link. Try again in a few minutes.',
    },
  }),
  zh: (until) => ({
    expired: { title: '链接已过期', advice: `这个链接已于 ${until}失效，请让分享者重新发一个。` },
    dead: {
      title: '链接无法打开',
      advice: '文件可能已被删除，或链接不完整。请检查链接是否复制完整，或让分享者重新发一个。',
    },
    private: {
      title: '这个文件没有分享给您',
      advice: '如果是您自己的文件，请用上传它的浏览器打开；如果是别人发给您的地址，请让对方发一个分享链接。',
    },
    'signed-out': {
      title: '请先登录',
      advice: '登录后再打开这个文件。如果是别人发给您的地址，请让对方发一个分享链接。',
    },
    later: { title: '暂时无法打开这个文件', advice: '链接没有问题，请过几分钟再试。' },
  }),
}
