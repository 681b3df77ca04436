/** A season as people call it: the catalogue's own name, else "Season 2" or "Specials" in their language. */
export function seasonName(
  season: { season_number: number; name: string },
  t: (key: string, values: Record<string, unknown>) => string,
): string {
  if (season.name !== '') return season.name
  return season.season_number === 0 ? t('sheet.specials', {}) : t('sheet.season', { n: season.season_number })
}
