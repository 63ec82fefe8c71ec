import { formatDuration } from '../format/duration.js'
import { formatUntil } from '../format/moment.js'
import type { Messages } from './messages.js'

const number = new Intl.NumberFormat('zh-CN')

const grouped = (count: number) => number.format(count)

/** The texts in Chinese (simplified). */
export const zh: Messages = {
  languageName: '中文',

  dropTitle: '把文件拖到这里',
  pickTitle: '上传文件',
  dropHint: '文件大小皆可，可以一次选很多个，也可以是整个文件夹。',
  dropActive: '松开即开始上传',
  leftOutTitle: '没有加入上传',
  leftOutHint: '有内容无法上传，下面列出了原因。',
  leftOut: {
    unreadable: '读取不了：可能已被移动或删除，或所在的磁盘已断开。请重新选择。',
    'empty-folder': '这个文件夹是空的，里面没有文件。',
    'too-large': (size) => `文件太大：单个文件不能超过 ${size}。`,
    'wrong-type': (types) => `这里不接受这种类型的文件。可以上传：${types}。`,
    'no-room': (size) => `剩余空间不足，只剩 ${size}。请选择小一点的文件，或联系管理员。`,
  },
  limitPerFile: (size) => `单个文件不超过 ${size}`,
  limitLeft: (size) => `还可上传 ${size}`,
  mediaKinds: { image: '图片', video: '视频', audio: '音频', text: '文本' },
  listSeparator: '、',
  chooseFiles: '选择文件',

  uploads: '上传任务',
  empty: '这里还没有内容。上传进度和传完后的链接会显示在下面。',
  finished: '已完成',
  unfinished: '未完成',
  unfinishedHint: '不论用哪种方式继续，已经传好的部分都不会重传。',
  keptHint: '这个浏览器还留着这些文件，不用重新选择。',
  goesOnByItself: '稍后自动继续',
  kept: '不用重新选择文件',
  needsPermission: '点一下即可，浏览器会询问能否再次读取文件',
  needsFile: (name) => `请再选一次“${name}”`,
  notBegun: '还没开始上传',
  notBegunHint: (count) => `有 ${grouped(count)} 个文件上次选好后还没开始上传。`,
  pickedAgo: (ago) => `${ago}选择`,
  pickMissing: (count) => `重新选择 ${grouped(count)} 个文件`,
  resumeSeveral: (count) => `继续上传 ${grouped(count)} 个文件`,
  forgettable: '这个浏览器记不住您选择的文件。现在离开页面的话，没传完的文件需要重新选择。',
  automatic: '刷新后自动继续（无需重新选择文件的任务）',
  chooseInstead: '选择文件',
  originalBytes: '上传视频请用“选取文件”，不要从相册选：相册每次都会重新转码，再选时就接不上了。',

  states: {
    identifying: '正在识别文件',
    opening: '正在准备',
    uploading: '正在上传',
    waiting: '等待中',
    paused: '已暂停',
    finishing: '正在收尾：存储端正在校验整个文件',
    done: '已完成',
    failed: '上传失败',
    cancelled: '已取消',
  },
  waiting: {
    queue: '排队中',
    network: '等待网络恢复，恢复后自动继续',
    service: '等待服务恢复，恢复后自动继续',
    'store-unreachable': '从这里连不上存储端，会自动重试',
    'rate-limited': '服务器要求稍候，到时自动继续',
    'other-tab': '另一个标签页正在上传这个文件',
    'same-file': '等待另一行中内容相同的文件',
    choice: '已经存过：直接用它，还是再传一份？',
  },
  storeUnreachable: (host) => `网络正常，但连不上 ${host}，可能被过滤软件或防火墙拦截；会自动重试`,
  askedToWait: (seconds) => `服务器要求等待 ${formatDuration(seconds, 'zh')}，到时自动继续`,
  askedToWaitUntil: (until, now) => `服务器要求等到 ${formatUntil(until, 'zh', now)}，到时自动继续`,
  waitingUntil: (waiting, until, now) => `${waiting}（${formatUntil(until, 'zh', now)}）`,
  waitingAfter: (title, waiting) => `${title}${waiting}`,
  pausedInOtherTab: '已暂停；由另一个标签页上传',
  cancelling: '正在取消',
  cancelled: '已取消',
  comparing: (percent) => `正在核对是否已经存过：${percent}`,

  pause: '暂停',
  resume: '继续',
  retry: '重试',
  tryNow: '立即重试',
  cancel: '取消',
  discard: '放弃',
  deleteFile: '删除',
  deleteQuestion: '文件会从存储端删除，链接也会失效。',
  deleteFailed: '没有删除成功，请重试。',
  remove: '移除',
  pickAgain: '重新选择',
  pickToContinue: '选择文件续传',
  pauseAll: '全部暂停',
  resumeAll: '全部继续',
  retryAll: (count) => `重试失败的 ${count} 个`,
  cancelAll: '全部取消',
  undoCancel: '撤销',
  copyLink: '复制链接',
  copied: '已复制',
  linkIsPrivate: '仅在这个浏览器中、登录有效期间可打开',
  copyFailed: '复制失败',
  showMore: (count) => (count === undefined ? '显示更多' : `再显示 ${grouped(count)} 个`),
  refresh: '重试',

  actionFor: (action, name) => `${action}：${name}`,
  progressOf: (name) => `${name} 的上传进度`,

  timeLeft: (duration) => `剩余 ${duration}`,
  givenUp: (bytes) => `传输中的 ${bytes} 将重新发送`,
  lost: (bytes) => `已传好的 ${bytes} 在存储端丢失或损坏，需要重传`,
  continuedFrom: (percent) => `从 ${percent} 处续传`,
  stored: (percent) => `已传 ${percent}`,
  startedAgo: (ago) => `${ago}开始`,

  cancelQuestion: (size) => `取消上传？已上传的 ${size} 将被删除。`,
  cancelAllQuestion: (count, size) =>
    `取消 ${count} 个上传？` + (size === null ? '' : `已上传的 ${size} 将被删除。`),
  cancelConfirm: '取消上传',
  cancelKeep: '继续上传',
  cancelFailed: '没能取消。请检查网络后再试一次。',
  discardQuestion: (size) => `存储端的 ${size} 会被删除。`,
  discardConfirm: '放弃',
  discardKeep: '保留',

  duplicateOf: (storedName, storedAt) =>
    `${storedAt} 已存过内容完全相同的文件“${storedName}”，可以秒传，不用再发送。`,
  reuseDuplicate: '直接用',
  copyDuplicate: '再传一份',
  forAllEqual: '同一批添加的、内容相同的文件都照此处理。',
  forAllComing: '同一批添加、还在核对的文件如果也已经存过，同样照此处理。',
  duplicates: (count) => `这些文件中有 ${grouped(count)} 个已经存过。`,
  reuseAllDuplicates: '都直接用',
  copyAllDuplicates: '都再传一份',
  reused: '秒传：已经存过，没有重新发送',

  otherFile: (expected, picked) =>
    `选中的“${picked.name}”（${picked.size}）不是这个文件，请选择“${expected.name}”（${expected.size}）。`,
  uploadAsNew: '作为新文件上传',

  summary: ({ files, done, failed }) =>
    [`共 ${grouped(files)} 个文件`, `已完成 ${grouped(done)} 个`]
      .concat(failed > 0 ? [`失败 ${grouped(failed)} 个`] : [])
      .join('，'),
  changes: ({ done, failed, losing }) =>
    [
      done > 0 ? [`${grouped(done)} 个文件已完成`] : [],
      failed > 0 ? [`${grouped(failed)} 个失败`] : [],
      losing > 0 ? [`${grouped(losing)} 个文件在存储端有丢失，需要重传`] : [],
    ]
      .flat()
      .join('，'),
  comma: '，',
  stateChange: (name, state) => `${name}：${state}`,

  recordsFailed: '没能加载以前的上传记录。不影响现在上传。',
  requestId: (id) => `请求编号 ${id}`,

  errors: {
    'file-changed': {
      title: '上传过程中文件被改动了。',
      advice: '请重新选择这个文件，没变的部分不会重传。',
    },
    'file-unreadable': {
      title: '读不到这个文件。',
      advice: '它可能被移动、修改、删除，或所在的磁盘已断开。请重新选择。',
    },
    'permission-denied': {
      title: '浏览器没有获准再次读取这个文件。',
      advice: '点“继续”并允许读取，或重新选择文件。',
    },
    'file-too-large': {
      title: '文件超过了本站允许的大小。',
      advice: '请拆分或压缩后再传，或联系管理员调高上限。',
    },
    network: { title: '网络连接断开了。', advice: '请检查网络后重试，已经传好的部分不会重传。' },
    unauthorized: { title: '登录已失效，或没有上传权限。', advice: '请在另一个标签页登录，再回来重试。' },
    forbidden: {
      title: '服务器不允许这次上传。',
      advice: '原因见下方服务器的说明，解决后可以重试，或联系管理员。',
    },
    'forbidden-origin': {
      title: '服务器不认识本页面的地址。',
      advice: '需要管理员设置 PUBLIC_BASE_URL 或 ALLOWED_ORIGINS；服务器的回答里写明了应填的值。',
    },
    'invalid-request': {
      title: '服务器不接受这次上传。',
      advice: '请刷新页面再试；如果还是这样，请联系管理员。',
    },
    'upload-gone': {
      title: '存储端已经没有这个未完成的上传了。',
      advice: '它已在别处取消，或已过期。重试会从头上传。',
    },
    'checksum-mismatch': {
      title: '存储端的文件与原文件不一致，已删除。',
      advice: '请重试；如果再次出现，说明这台设备或网络会损坏数据。',
    },
    'store-denied': {
      title: '存储端拒绝了这次上传的授权。',
      advice: '请确认设备时间正确后重试；仍不行请联系管理员。',
    },
    'store-full': { title: '存储空间已满。', advice: '请等管理员腾出空间后重试，已经传好的部分会保留。' },
    'store-unavailable': {
      title: '存储服务暂时没有响应。',
      advice: '请过几分钟重试，已经传好的部分会保留。',
    },
    'store-misconfigured': {
      title: '存储端不允许本页面上传。',
      advice: '需要管理员在存储桶的跨域（CORS）规则中允许本页面的地址。',
    },
    'server-error': { title: '服务器出错了。', advice: '请过几分钟重试；如果还是这样，请联系管理员。' },
    'unexpected-answer': {
      title: '回应的不是服务器或存储端。',
      advice: '可能被代理、防火墙或需要登录的网络拦截。请新开标签页看看，再回来重试；仍不行请联系管理员。',
    },
    'insecure-connection': {
      title: '无法与服务器建立安全连接。',
      advice: '请检查网址和设备时间；仍不行请联系管理员检查证书。',
    },
    'page-outdated': { title: '本页面已有新版本。', advice: '请刷新页面，已经传好的内容不会丢失。' },
    'unsupported-browser': {
      title: '这个浏览器缺少上传需要的功能。',
      advice: '请通过 HTTPS 使用新版的 Chrome、Edge、Firefox 或 Safari。',
    },
    cancelled: { title: '上传已取消。', advice: '存储端没有留下任何内容。' },
    internal: {
      title: '页面自身出错了。',
      advice: '请重试；如果再次出现，刷新页面后再选一次文件，会接着传。',
    },
  },

  download: '下载',
  preview: '预览',
  previewFailed: '这个浏览器无法显示该文件，请下载后查看。',
  close: '关闭',
  share: '分享',
  shareWho: (until) =>
    `${until} 前，任何人都可以通过这个链接下载该文件，看不到您的其他文件。删除文件后链接立即失效。`,
  shareMaking: '正在生成链接…',
  shareFailed: '没能生成链接。请检查网络后重试。',
  shareExpires: '链接有效期',
  days: (count) => `${count} 天`,
  shareUrl: (name) => `“${name}”的分享链接`,
  verified: '已校验',
  verifiedHint: '存储的文件与原文件完全一致。保存校验凭证后，可随时用 carryon verify FILE RECEIPT 核对副本。',
  copyReceipt: '复制校验凭证',
  receiptFailed: '没能加载详情。请检查网络后重试。',
  receipt: {
    size: '大小',
    crc64: 'CRC-64',
    parts: '分块数',
    comparedBy: '校验方式',
    resumedFrom: '续传起点',
    sentAgain: '重新发送',
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
  listOfBrowser: '您尚未登录，这个列表只属于当前浏览器。',
  unfinishedKept: (days) => `未完成的上传在闲置 ${grouped(days)} 天后自动删除。`,
  finishedKept: (days) => `文件在上传 ${grouped(days)} 天后自动删除。`,
}
