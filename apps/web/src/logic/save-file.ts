/** Time in which every browser has begun to write a file. */
const BEGUN_MS = 60_000

/** Gives a file to the browser to save. */
export function saveFile(name: string, file: Blob): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), BEGUN_MS)
}
