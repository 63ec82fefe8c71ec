export {
  createFakeFinishedFiles,
  createFakeUpload,
  createFakeUploader,
  FakeUnfinished,
  type FakeUnfinishedOptions,
  type FakeFinishedFiles,
  type FakeUpload,
  type FakeUploader,
  type Shown,
} from '@carryon/view/testing'
