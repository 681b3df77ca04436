import type { SignedCall } from './signed-client.ts'

/** One call of DynamoDB's JSON protocol (API reference, "DynamoDB low-level API"). */
export function dynamoCall(endpoint: URL, operation: string, parameters: object, until?: number): SignedCall {
  return {
    service: 'dynamodb',
    method: 'POST',
    url: endpoint,
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `DynamoDB_20120810.${operation}` },
    body: JSON.stringify(parameters),
    until,
  }
}
