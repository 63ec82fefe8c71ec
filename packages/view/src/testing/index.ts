export { createDrawnFrames } from './drawn-frames.js'
export { createFakeUpload, type FakeUpload, type Shown } from './fake-upload.js'
export { createFakeUploader, type FakeUploader } from './fake-uploader.js'
export { FakeUnfinished, type FakeUnfinishedOptions } from './fake-unfinished.js'
