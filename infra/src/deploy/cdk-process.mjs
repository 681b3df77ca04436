// The CDK's command with arguments from standard input, as a JSON list: those of a process can be read by everybody on
// the machine, and one of them is a secret.
import { createRequire } from 'node:module'

const parts = []
for await (const part of process.stdin) parts.push(part)
process.argv = [process.argv[0], 'cdk', ...JSON.parse(Buffer.concat(parts).toString())]
createRequire(import.meta.url)('aws-cdk/bin/cdk')
