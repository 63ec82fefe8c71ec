// Uploads one file in slices in a process of its own, so that a test can kill it: `sliceUploadFile(params)` of a client
// with `options`, both as JSON in the first argument.
import COS from 'cos-nodejs-sdk-v5'

const { options, params } = JSON.parse(process.argv[2])
await new COS(options).sliceUploadFile(params)
