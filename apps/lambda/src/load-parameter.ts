/** x */
export async function loadParameter(name: string): Promise<string> {
  throw new Error(name)
}
