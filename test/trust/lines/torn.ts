import type { Line } from '../line.ts'

export const tornLines: readonly Line[] = []
