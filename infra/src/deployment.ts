/** What one household's deployment on AWS is made of; everything that is not a secret. */
export interface Deployment {
  /** Names the stack, the table and the folder of the settings; lower-case letters, digits and hyphens. */
  name: string
  /** Twelve digits. */
  account: string
  region: string
  /** A domain of one's own, and the hosted zone of Route 53 that holds it. */
  domain?: { name: string; zoneId: string; zoneName: string } | undefined
  /** A web application firewall before the CDN. */
  waf: boolean
  /** Who hears of alarms and of the budget; nobody when absent. */
  alarmEmail?: string | undefined
  /** The monthly budget in USD beyond which a mail is sent. */
  budgetUsd: number
  /** Memory of the API's function in MB. */
  apiMemoryMb: number
}

export const DEFAULTS = { name: 'stellarr', waf: false, budgetUsd: 1, apiMemoryMb: 512 } as const

/** The SSM parameter (SecureString) of the functions' settings. */
export const settingsParameter = ({ name }: Pick<Deployment, 'name'>): string => `/${name}/settings`
/** The SSM parameter (String) in which the deploy command remembers what was chosen. */
export const deploymentParameter = ({ name }: Pick<Deployment, 'name'>): string => `/${name}/deployment`
/** The DynamoDB table: it outlives its stack, so it has a name of its own. */
export const tableName = ({ name }: Pick<Deployment, 'name'>): string => name
/** The stack of what CloudFront takes from us-east-1 alone: certificate and firewall; each region's deployment has its own. */
export const edgeStackName = ({ name, region }: Pick<Deployment, 'name' | 'region'>): string => `${name}-${region}-edge`

/** The main stack's NoEcho parameter: what the CDN proves itself with in `x-origin-verify`. */
export const ORIGIN_PARAMETER = 'OriginVerifySecret'

/** The main stack's parameters for what the edge stack made, by its outputs. */
export const CERTIFICATE_PARAMETER = 'EdgeCertificateArn'
export const FIREWALL_PARAMETER = 'EdgeWebAclArn'

/** Where CloudFront takes certificates and firewalls from. */
export const EDGE_REGION = 'us-east-1'

/** Outputs of the main stack, which the deploy command works with. */
export const OUTPUTS = {
  /** Where people open it: the domain of one's own, else CloudFront's. */
  url: 'Url',
  /** CloudFront's own domain. */
  distributionDomain: 'DistributionDomain',
  webBucket: 'WebBucket',
  trendingBucket: 'TrendingBucket',
  apiFunction: 'ApiFunction',
  dailyFunction: 'DailyFunction',
} as const

/** Outputs of the edge stack. */
export const EDGE_OUTPUTS = { certificateArn: 'CertificateArn', webAclArn: 'WebAclArn' } as const
