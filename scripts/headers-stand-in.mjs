// Stands in for the global Headers in the bundles, whose first use loads all of undici: 20 ms of a cold start. As much
// of it as aws4fetch's signer needs, from a plain object.
export class Headers {
  #values = new Map()

  constructor(init = {}) {
    for (const [name, value] of Object.entries(init)) this.set(name, value)
  }

  has(name) {
    return this.#values.has(name.toLowerCase())
  }

  get(name) {
    return this.#values.get(name.toLowerCase()) ?? null
  }

  set(name, value) {
    this.#values.set(name.toLowerCase(), String(value))
  }

  delete(name) {
    this.#values.delete(name.toLowerCase())
  }

  keys() {
    return this.#values.keys()
  }

  [Symbol.iterator]() {
    return this.#values.entries()
  }
}
