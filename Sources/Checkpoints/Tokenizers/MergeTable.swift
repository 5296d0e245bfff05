/// Collects the merges of a byte-pair encoding and checks them against the vocabulary.
struct MergeTable {
  private let table: TokenTable
  private(set) var merges: [BytePairEncoding.Pair: BytePairEncoding.Merge] = [:]
  private var count = 0

  init(table: TokenTable) { self.table = table }

  /// Adds the next merge, two tokens with a blank between them.
  mutating func add(line: String, file: String, at place: FileError.Place) throws(FileError) {
    let parts = line.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    guard parts.count == 2 else {
      throw FileError(
        file: file, at: place, expected: "two tokens with a blank between them",
        found: Printable.quote(line))
    }
    try add(
      String(Substring(parts[0])), String(Substring(parts[1])), file: file, at: place)
  }

  mutating func add(
    _ left: String, _ right: String, file: String, at place: FileError.Place
  ) throws(FileError) {
    var ids: [Int] = []
    for token in [left, right, left + right] {
      guard let id = table.id(of: token) else {
        throw FileError(
          file: file, at: place, expected: "tokens of the vocabulary",
          found: Printable.quote(token))
      }
      ids.append(id)
    }
    merges[.init(left: ids[0], right: ids[1])] = .init(rank: count, id: ids[2])
    count += 1
  }

  /// Reads a `merges.txt`: a line with the version, then a merge per line.
  mutating func add(contentsOf path: String) throws(FileError) {
    let text = try TextFile.readAny(path)
    for (index, line) in text.utf8.split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false
    ).enumerated() {
      let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      if line.isEmpty || line.starts(with: "#version".utf8) { continue }
      try add(line: String(Substring(line)), file: path, at: .line(index + 1, column: 1))
    }
  }
}
