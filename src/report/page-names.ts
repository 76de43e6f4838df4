// Names of captures in a page. A page is handed round: the folders of the machine that made it are nobody's business.

/** The names without their folders. Several that are equal then are numbered: `chat.pcap (1)`, `chat.pcap (2)`. */
export function pageNames(paths: readonly string[]): string[] {
  const names = paths.map(baseName)
  const seen = new Map<string, number>()
  return names.map((name) => {
    if (names.indexOf(name) === names.lastIndexOf(name)) return name
    const number = (seen.get(name) ?? 0) + 1
    seen.set(name, number)
    return `${name} (${number})`
  })
}

/** What follows the last separator, of either kind: a path of another system must not get into the page either. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
}
