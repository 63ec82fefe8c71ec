import { formatDuration } from '../format/duration.js'
import { nameInSentence } from '../format/file-name.js'
import { formatUntil } from '../format/moment.js'
import type { Messages } from './messages.js'

const number = new Intl.NumberFormat('zh-CN')

const grouped = (count: number) => number.format(count)

/** The texts in Chinese (simplified). */
export const zh: Messages = {
  locale: 'zh-CN',
  languageName: '中文',

  dropTitle: '把文件拖到这里',
  pickTitle: '上传文件',
  dropHint: '大小不限，可以一次选择多个文件，也可以选择整个文件夹。',
  dropHintLimited: '可以一次选择多个文件，也可以选择整个文件夹。',
  dropActive: '松开即可上传',
  leftOutTitle: '未加入上传',
  leftOutHint: '部分内容无法上传，原因如下。',
  leftOut: {
    unreadable: '无法读取：文件可能已被移动或删除，或所在磁盘已断开。请重新选择。',
    'empty-folder': '文件夹为空。',
    'too-large': (size) => `文件过大：单个文件不能超过 ${size}。`,
    'wrong-type': (types) => `不支持此类型的文件。支持的类型：${types}。`,
    'no-room': (size) => `空间不足，仅剩 ${size}。请选择较小的文件，或联系管理员扩容。`,
  },
  limitPerFile: (size) => `单个文件不超过 ${size}`,
  limitLeft: (size) => `还可上传 ${size}`,
  mediaKinds: { image: '图片', video: '视频', audio: '音频', text: '文本' },
  listSeparator: '、',
  chooseFiles: '选择文件',
  chooseFolder: '选择文件夹',
  readingFiles: (count) => `正在读取 ${grouped(count)} 个文件`,

  uploads: '上传任务',
  empty: '暂无上传。上传进度和完成后的链接会显示在这里。',
  finished: '已完成',
  unfinished: '未完成',
  unfinishedHint: '可从中断处继续，已上传的部分不会重传。',
  keptHint: '浏览器仍保留着这些文件，无需重新选择。',
  goesOnByItself: '即将自动继续',
  kept: '可直接继续',
  needsPermission: '点“继续”，再点“允许”',
  needsFile: (name) => `请重新选择“${nameInSentence(name)}”`,
  notBegun: '尚未开始',
  notBegunHint: (count) => `上次选择的 ${grouped(count)} 个文件尚未开始上传。`,
  pickedAgo: (ago) => `${ago}选择`,
  pickMissing: (count) => `重新选择 ${grouped(count)} 个文件`,
  resumeSeveral: (count) => `继续上传 ${grouped(count)} 个文件`,
  forgettable: '此浏览器无法记住所选文件。如果现在离开页面，未完成的文件需要重新选择。',
  automatic: '刷新页面后自动继续（无需重新选择文件时）',
  chooseInstead: '选择文件',
  originalBytes: '上传视频请点“选取文件”，不要从相册选择：相册每次都会重新转码，导致无法断点续传。',

  states: {
    identifying: '正在检查文件',
    opening: '正在准备',
    uploading: '正在上传',
    waiting: '等待中',
    paused: '已暂停',
    finishing: '正在校验，马上完成',
    done: '已完成',
    failed: '上传失败',
    cancelled: '已取消',
  },
  waiting: {
    queue: '排队中',
    network: '网络未连接，恢复后自动继续',
    service: '服务暂无响应，恢复后自动继续',
    'store-unreachable': '无法连接存储，将自动重试',
    'rate-limited': '服务器要求稍候，之后自动继续',
    'other-tab': '正在另一个标签页上传',
    'same-file': '等待上方内容相同的文件',
    choice: '已有相同文件，是否直接使用？',
  },
  storeUnreachable: (host) => `网络正常，但无法连接 ${host}，可能被防火墙或过滤软件拦截，将自动重试`,
  askedToWait: (seconds) => `服务器要求等待 ${formatDuration(seconds, 'zh')}，之后自动继续`,
  askedToWaitUntil: (until, now) => `服务器要求等到 ${formatUntil(until, 'zh', now)}，之后自动继续`,
  waitingUntil: (waiting, until, now) => `${waiting}（${formatUntil(until, 'zh', now)}）`,
  waitingAfter: (title, waiting) => `${title}${waiting}`,
  waitingForServer: '无法连接服务器，恢复后自动继续',
  outages: {
    offline: '网络未连接',
    network: '连接失败',
    server: '无法连接服务器',
    storage: '无法连接存储',
  },
  since: (moment) => `（自 ${moment} 起）。`,
  retriesIn: (duration) => `${duration}后重试。`,
  retrying: '正在重试。',
  pausedInOtherTab: '已在另一个标签页暂停',
  cancelling: '正在取消',
  cancelled: '已取消',
  comparing: (percent) => `正在检查是否已上传过：${percent}`,

  pause: '暂停',
  resume: '继续',
  retry: '重试',
  tryNow: '立即重试',
  cancel: '取消',
  discard: '放弃',
  deleteFile: '删除',
  deleteQuestion: '删除此文件？其链接将失效。',
  deleteFailed: '删除失败，请重试。',
  remove: '移除',
  pickAgain: '重新选择',
  pickToContinue: '选择文件以继续',
  pauseAll: '全部暂停',
  resumeAll: '全部继续',
  retryAll: (count) => `重试失败的 ${grouped(count)} 个`,
  cancelAll: '全部取消',
  undoCancel: '撤销',
  clearFinished: '清除已完成',
  showCleared: '显示已清除',
  searchFinished: '搜索已完成的文件',
  searching: '正在搜索',
  nothingFound: (query) => `没有与“${nameInSentence(query)}”匹配的已完成文件。`,
  rename: '重命名',
  newName: '新名称',
  save: '保存',
  renameFailed: '重命名失败，请重试。',
  notify: '上传完成时通知我',
  notifyDenied: '浏览器已禁止本页面的通知，请在浏览器设置中允许。',
  left: (files, bytes) => `剩余 ${grouped(files)} 个文件，${bytes}`,
  copyLink: '复制链接',
  copied: '已复制',
  linkIsPrivate: '仅可在此浏览器中打开',
  linkNeedsSignIn: '仅您本人登录后可打开',
  copyFailed: '复制失败',
  showMore: (count) => (count === undefined ? '显示更多' : `再显示 ${grouped(count)} 个`),
  refresh: '重试',

  figureLabels: { progress: '上传进度', speed: '当前速度', timeLeft: '剩余时间' },
  details: '详情',
  labelled: (label, value) => `${label}：${value}`,

  actionFor: (action, name) => `${action}：${name}`,
  progressOf: (name) => `${name} 的上传进度`,

  timeLeft: (duration) => `剩余 ${duration}`,
  givenUp: (bytes) => `传输中的 ${bytes} 将重新上传`,
  lost: (bytes) => `已上传的 ${bytes} 在存储中丢失或损坏，将重新上传`,
  continuedFrom: (percent) => `从 ${percent} 处继续`,
  stored: (percent) => `已上传 ${percent}`,
  startedAgo: (ago) => `${ago}开始上传`,

  cancelQuestion: (size) => `取消上传？已上传的 ${size} 将被删除。`,
  cancelAllQuestion: (count, size) =>
    `取消 ${grouped(count)} 个上传？` + (size === null ? '' : `已上传的 ${size} 将被删除。`),
  cancelConfirm: '取消上传',
  cancelKeep: '继续上传',
  cancelFailed: '取消失败，请检查网络后重试。',
  discardQuestion: (size) => `放弃上传？已上传的 ${size} 将被删除。`,
  discardConfirm: '放弃',
  discardKeep: '保留',

  duplicateOf: (storedName, storedAt) =>
    `您已于 ${storedAt} 上传过内容相同的文件“${nameInSentence(storedName)}”，可直接使用，无需再传。`,
  reuseDuplicate: '使用已有文件',
  copyDuplicate: '仍要上传',
  forAllEqual: '同一批添加的相同文件将一并处理。',
  forAllComing: '同一批添加、仍在检查的文件也将一并处理。',
  duplicates: (count) => `其中 ${grouped(count)} 个文件已上传过。`,
  reuseAllDuplicates: '全部使用已有文件',
  copyAllDuplicates: '全部仍要上传',
  reused: '秒传：使用已有文件',

  otherFile: (expected, picked) =>
    `“${nameInSentence(picked.name)}”（${picked.size}）不是此文件。请选择“${nameInSentence(expected.name)}”（${expected.size}）。`,
  uploadAsNew: '作为新文件上传',

  summary: ({ files, done, failed }) =>
    [`共 ${grouped(files)} 个文件`, `已完成 ${grouped(done)} 个`]
      .concat(failed > 0 ? [`失败 ${grouped(failed)} 个`] : [])
      .join('，'),
  changes: ({ done, failed, losing, reasons = [] }) =>
    [
      done > 0 ? [`${grouped(done)} 个文件已完成`] : [],
      failed > 0 ? [`${grouped(failed)} 个失败${reasons.length > 0 ? `：${reasons.join('')}` : ''}`] : [],
      losing > 0 ? [`${grouped(losing)} 个文件在存储中有丢失，正在重传`] : [],
    ]
      .flat()
      .join('，'),
  comma: '，',
  sentenceGap: '',
  stateChange: (name, state) => `${name}：${state}`,

  recordsFailed: '无法加载以前的上传记录，不影响继续上传。',
  requestId: (id) => `请求编号 ${id}`,

  errors: {
    'file-changed': {
      title: '文件在上传过程中发生了变化。',
      advice: '请重新选择此文件，未变化的部分不会重传。',
    },
    'file-unreadable': {
      title: '无法读取此文件。',
      advice: '文件可能已被移动、修改或删除，或所在磁盘已断开。请重新选择。',
    },
    'permission-denied': {
      title: '浏览器未获准再次读取此文件。',
      advice: '请在浏览器询问时点“允许”，或重新选择文件。',
    },
    'file-too-large': {
      title: '文件超过了允许的大小。',
      advice: '请拆分或压缩后再上传，或联系管理员提高上限。',
    },
    network: { title: '网络连接已断开。', advice: '请检查网络后重试，已上传的部分不会重传。' },
    unauthorized: { title: '登录已失效，或没有上传权限。', advice: '请在另一个标签页登录，再回来重试。' },
    forbidden: {
      title: '服务器不允许此次上传。',
      advice: '原因见下方。解决后可重试，或联系管理员。',
    },
    'forbidden-origin': {
      title: '服务器无法识别本页面的地址。',
      advice: '请联系管理员设置 PUBLIC_BASE_URL 或 ALLOWED_ORIGINS，应填的值见服务器的回答。',
    },
    'invalid-request': {
      title: '服务器拒绝了此次上传。',
      advice: '请刷新页面后重试；如仍出现，请联系管理员。',
    },
    'upload-gone': {
      title: '存储中已找不到此未完成的上传。',
      advice: '它已在别处取消，或已过期。重试将从头上传。',
    },
    'checksum-mismatch': {
      title: '存储的文件与原文件不一致，已删除。',
      advice: '请重试；如再次出现，说明此设备或网络会损坏数据。',
    },
    'store-denied': {
      title: '存储拒绝了此次上传。',
      advice: '请确认设备时间正确后重试，或联系管理员。',
    },
    'store-full': { title: '存储空间已满。', advice: '请在管理员腾出空间后重试，已上传的部分会保留。' },
    'store-unavailable': {
      title: '存储暂无响应。',
      advice: '请几分钟后重试，已上传的部分会保留。',
    },
    'store-misconfigured': {
      title: '存储不允许本页面上传。',
      advice: '请联系管理员在存储桶的跨域（CORS）规则中允许本页面的地址。',
    },
    'server-error': { title: '服务器出错了。', advice: '请几分钟后重试；如仍出现，请联系管理员。' },
    'unexpected-answer': {
      title: '收到的不是服务器或存储的回应。',
      advice: '请求可能被代理、防火墙或需要登录的网络拦截。请打开新标签页查看，再回来重试，或联系管理员。',
    },
    'insecure-connection': {
      title: '无法与服务器建立安全连接。',
      advice: '请检查网址和设备时间，或联系管理员检查证书。',
    },
    'page-outdated': { title: '本页面已有新版本。', advice: '请刷新页面，已上传的内容不会丢失。' },
    'unsupported-browser': {
      title: '此浏览器不支持上传。',
      advice: '请通过 HTTPS 使用新版的 Chrome、Edge、Firefox 或 Safari。',
    },
    cancelled: { title: '上传已取消。', advice: '存储中未留下任何内容。' },
    internal: {
      title: '页面出错了。',
      advice: '请重试；如再次出现，请刷新页面并重新选择文件，会从中断处继续。',
    },
  },

  download: '下载',
  preview: '预览',
  previewFailed: '此浏览器无法显示此文件，请下载后查看。',
  close: '关闭',
  share: '分享',
  shareWho: (until) =>
    `${until} 前，任何人都可以通过此链接下载此文件，但无法看到您的其他文件。删除文件后链接立即失效。`,
  shareMaking: '正在生成链接…',
  shareFailed: '生成链接失败，请检查网络后重试。',
  shareExpires: '链接有效期',
  days: (count) => `${count} 天`,
  shareUrl: (name) => `“${name}”的分享链接`,
  verified: '已校验',
  verifiedHint: '存储的文件与原文件完全一致。保存校验凭证后，可随时用 carryon verify FILE RECEIPT 核对副本。',
  copyReceipt: '复制校验凭证',
  receiptFailed: '加载详情失败，请检查网络后重试。',
  receipt: {
    size: '大小',
    crc64: 'CRC-64',
    parts: '分块数',
    comparedBy: '校验方式',
    resumedFrom: '续传起点',
    sentAgain: '重新上传',
  },
  exactBytes: (count) => `${grouped(count)} 字节`,
  comparedBy: {
    'object-crc64': '整个文件的 CRC-64',
    'object-md5': '整个文件的 MD5',
    'part-etags': '所有分块的校验值',
    size: '大小',
  },
  notResumed: '一次传完，没有中断',
  nothingSentAgain: '无',
  noChecksum: '存储端未提供',
  storedOn: (host) => `文件存放在 ${host}。`,
  listOfBrowser: '您尚未登录，此列表只属于此浏览器。',
  unfinishedKept: (days) => `未完成的上传在闲置 ${grouped(days)} 天后自动删除。`,
  finishedKept: (days) => `文件在上传 ${grouped(days)} 天后自动删除。`,
}
