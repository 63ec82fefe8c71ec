// Uploads one file in slices in a separate process, so that a test can kill it. Calls `sliceUploadFile(params)` of a
// client created with `options`; both come as JSON in the first argument.
import COS from 'cos-nodejs-sdk-v5'

const { options, params } = JSON.parse(process.argv[2])
await new COS(options).sliceUploadFile(params)
