// Stands in for qs in the bundles. Express loads it at start for nested query texts and forms, of which the app has none:
// its query parser is Node's own ("simple"), and senders' forms are read by URLSearchParams.
const unused = () => {
  throw new Error('qs is not part of the bundle.')
}

module.exports = { parse: unused, stringify: unused }
