/** A request as far as routing goes: its quality profile, and the names behind it. */
export interface RoutedRequest {
  qualityProfileId: number
  askers: readonly string[]
}

/** All requests as far as routing goes, withdrawn ones too: `requests` hands them in. */
export interface RoutedRequests {
  list(): Promise<readonly RoutedRequest[]>
}
