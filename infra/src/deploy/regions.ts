import { Refusal } from './refusal.ts'

/** Regions without Function URLs, by which the CDN calls the API (Lambda's guide, "Creating and managing function URLs"). */
const WITHOUT_FUNCTION_URLS = [
  'ap-east-2',
  'ap-south-2',
  'ap-southeast-4',
  'ap-southeast-5',
  'ap-southeast-6',
  'ap-southeast-7',
  'ca-west-1',
  'eu-central-2',
  'eu-south-2',
  'il-central-1',
  'me-central-1',
]

/** Answers a region where everything that a deployment needs can be had. Throws `Refusal` for another. */
export function usableRegion(region: string): string {
  if (/^(cn|us-gov|us-iso[a-z]*|eu-isoe)-/.test(region)) {
    throw new Refusal(
      `--region: ${region} is of a part of AWS that has no CloudFront of its own. Choose another region.`,
    )
  }
  if (WITHOUT_FUNCTION_URLS.includes(region)) {
    throw new Refusal(
      `--region: ${region} has no Function URLs, which the API needs. Choose another region; eu-central-1, us-east-1 and most others have them.`,
    )
  }
  return region
}
