// Calls qcloud-cos-sts in a separate process, because Node reads NODE_EXTRA_CA_CERTS only at start.
// In: the options of getCredential as JSON in the first argument, or `{"scope": […]}` in place of their policy.
// Out: one line of JSON, `{"data": …}` or `{"error": …}`.
import STS from 'qcloud-cos-sts'

const { scope, ...options } = JSON.parse(process.argv[2])
const policy = scope === undefined ? options.policy : STS.getPolicy(scope)
const outcome = await STS.getCredential({ ...options, policy }).then(
  (data) => ({ data }),
  (error) => ({ error: error instanceof Error ? { thrown: error.message } : error }),
)
console.log(JSON.stringify(outcome))
