// Stands in for iconv-lite in the bundles, which Express's body parsers load at start: half a megabyte of tables. The app
// takes UTF-8 alone and refuses other charsets before they get here.
function getDecoder(encoding) {
  // raw-body turns exactly this message into 415.
  if (encoding.toLowerCase() !== 'utf-8') throw new Error(`Encoding not recognized: '${encoding}'`)
  const decoder = new TextDecoder()
  return { write: (chunk) => decoder.decode(chunk, { stream: true }), end: () => decoder.decode() }
}

module.exports = { getDecoder }
