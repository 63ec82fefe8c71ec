export {
  createFakeUpload,
  createFakeUploader,
  FakeUnfinished,
  type FakeUnfinishedOptions,
  type FakeUpload,
  type FakeUploader,
  type Shown,
} from '@carryon/view/testing'
