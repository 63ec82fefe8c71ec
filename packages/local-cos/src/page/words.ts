import type { Mistake } from '../explanation/signature-explanation.js'

const english = {
  language: 'en',
  overview: 'Overview',
  requests: 'Requests',
  reload: 'Reload',
  address: 'Address',
  region: 'Region',
  buckets: 'Buckets',
  bucket: 'Bucket',
  objects: 'Objects',
  object: 'Object',
  key: 'Key',
  size: 'Size',
  modified: 'Modified',
  storageClass: 'Class',
  unfinished: 'Unfinished uploads',
  initiated: 'Initiated',
  parts: 'Parts',
  uploadId: 'Upload id',
  created: 'Created',
  noObjects: 'No objects here.',
  noUploads: 'None.',
  noRequests: 'No requests yet.',
  noRefused: 'None was refused.',
  nextPage: 'Next page',
  firstPage: 'First page',
  allRequests: 'All',
  refusedOnly: 'Refused only',
  time: 'Time',
  status: 'Status',
  operation: 'Operation',
  resource: 'Resource',
  error: 'Error',
  message: 'Message',
  duration: 'Duration',
  received: 'Received',
  sent: 'Sent',
  client: 'Client',
  requestId: 'Request id',
  requestLine: 'Request',
  host: 'Host',
  headers: 'Headers',
  tags: 'Tags',
  acl: 'ACL',
  noAnswer: 'connection ended',
  whyRefused: 'Why the signature was refused',
  unexplained:
    'None of the usual mistakes gives the signature that came. Most likely the secret key is another one, or something between client and store changed what was signed. Compare with what your client signed:',
  expected: 'This store signs',
  signed: 'The client signed',
  stringToSign: 'String to sign',
  textOfRequest: 'Text of the request',
  compare: 'Compare',
  pasteHere: 'Paste what your client signed (FormatString, canonical request or string to sign)',
  same: 'No difference: then the key, or how it is used, is another.',
  notFound: 'There is no such thing here (any more).',
  keptRequests: 'The last requests, newest first. Signatures and tokens are left out.',
}

type Words = Readonly<Record<keyof typeof english, string>>

const chinese: Words = {
  language: 'zh-CN',
  overview: '概览',
  requests: '请求',
  reload: '刷新',
  address: '地址',
  region: '地域',
  buckets: '存储桶',
  bucket: '存储桶',
  objects: '对象',
  object: '对象',
  key: '对象键',
  size: '大小',
  modified: '修改时间',
  storageClass: '存储类型',
  unfinished: '未完成的分块上传',
  initiated: '开始时间',
  parts: '分块',
  uploadId: 'UploadId',
  created: '创建时间',
  noObjects: '这里没有对象。',
  noUploads: '没有。',
  noRequests: '还没有请求。',
  noRefused: '没有被拒绝的请求。',
  nextPage: '下一页',
  firstPage: '第一页',
  allRequests: '全部',
  refusedOnly: '仅被拒绝的',
  time: '时间',
  status: '状态',
  operation: '操作',
  resource: '资源',
  error: '错误',
  message: '说明',
  duration: '耗时',
  received: '接收',
  sent: '发送',
  client: '客户端',
  requestId: '请求 ID',
  requestLine: '请求',
  host: 'Host',
  headers: '头部',
  tags: '标签',
  acl: 'ACL',
  noAnswer: '连接已断开',
  whyRefused: '签名为何被拒绝',
  unexplained:
    '常见的错误都得不出收到的签名。多半是 SecretKey 不同，或者客户端与存储之间有东西改动了已签名的内容。请与客户端实际签名的内容比较：',
  expected: '本存储的签名内容',
  signed: '客户端的签名内容',
  stringToSign: 'StringToSign',
  textOfRequest: '请求文本',
  compare: '比较',
  pasteHere: '粘贴客户端签名的内容（FormatString、规范请求或 StringToSign）',
  same: '没有差别：那么密钥或其用法不同。',
  notFound: '这里没有（或不再有）该内容。',
  keptRequests: '最近的请求，最新的在前。签名和令牌不予保留。',
}

const englishMistakes: Readonly<Record<Mistake, string>> = {
  'path-without-bucket':
    'The client signed the path without the bucket. With a path-style address the bucket is part of the path that is signed; or let the Host begin with the bucket.',
  'path-with-bucket': 'The client signed the bucket as part of the path, while the Host names it.',
  'path-encoded': 'The client signed the path percent-encoded; the decoded one is to be signed.',
  'path-encoded-twice': 'The client encoded the path twice; S3 encodes it once.',
  'path-root': 'The client signed the path “/” instead of the one it asks for.',
  'another-method':
    'The client signed another method than it sends, as with a link that was signed for GET and is used for HEAD or PUT.',
  'upper-case-method': 'The client signed the method in upper case; it is signed in lower case.',
  'host-without-port': 'The client signed the Host without its port.',
  'host-of-the-cloud':
    'The client signed the Host of the bucket on Tencent Cloud and sent another. Let it send the Host that it signs, as with the SDK’s option for an IP or a proxy.',
  'no-headers': 'The client names headers as signed and signed none.',
  'no-parameters': 'The client names query parameters as signed and signed none.',
  'content-type-without-charset':
    'The Content-Type that was signed has no charset; the HTTP library added it afterwards.',
  'content-length-left-out': 'The client names Content-Length as signed and did not sign it.',
  'key-with-blanks': 'The secret key that the client uses has a blank or line break at its end.',
  'payload-unsigned': 'The client signed UNSIGNED-PAYLOAD and sent another x-amz-content-sha256.',
  'payload-empty': 'The client signed an empty body.',
}

const chineseMistakes: Readonly<Record<Mistake, string>> = {
  'path-without-bucket':
    '客户端签名的路径不含存储桶名。使用路径形式的地址时，存储桶名是签名路径的一部分；或者让 Host 以存储桶名开头。',
  'path-with-bucket': '客户端把存储桶名签入了路径，而 Host 已经包含它。',
  'path-encoded': '客户端签名了百分号编码后的路径；应签名解码后的路径。',
  'path-encoded-twice': '客户端对路径编码了两次；S3 只编码一次。',
  'path-root': '客户端签名的路径是“/”，而不是请求的路径。',
  'another-method': '客户端签名的方法与发送的不同，例如为 GET 签名的链接被用于 HEAD 或 PUT。',
  'upper-case-method': '客户端签名了大写的方法；应为小写。',
  'host-without-port': '客户端签名的 Host 不含端口。',
  'host-of-the-cloud':
    '客户端签名的是腾讯云上存储桶的 Host，发送的却是另一个。请让它发送所签名的 Host，例如使用 SDK 的 IP 或代理选项。',
  'no-headers': '客户端声明签名了头部，实际没有签名。',
  'no-parameters': '客户端声明签名了查询参数，实际没有签名。',
  'content-type-without-charset': '签名的 Content-Type 不含 charset；HTTP 库之后添加了它。',
  'content-length-left-out': '客户端声明签名了 Content-Length，实际没有签名。',
  'key-with-blanks': '客户端使用的 SecretKey 末尾有空格或换行。',
  'payload-unsigned': '客户端签名了 UNSIGNED-PAYLOAD，发送的 x-amz-content-sha256 却不同。',
  'payload-empty': '客户端签名的是空的请求体。',
}

/** Texts of the page in one language. */
export interface Language {
  readonly words: Words
  readonly mistakes: Readonly<Record<Mistake, string>>
}

/** @param accepted value of the header `Accept-Language`. */
export function languageOf(accepted: string | undefined): Language {
  const first = accepted?.split(',')[0]?.trim().toLowerCase() ?? ''
  return first.startsWith('zh')
    ? { words: chinese, mistakes: chineseMistakes }
    : { words: english, mistakes: englishMistakes }
}
