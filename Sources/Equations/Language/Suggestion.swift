/// The nearest known names to a misspelt one.
public enum Suggestion {
  /// Longer names are no misspelt ones.
  private static let longestName = 100
  private static let mostListed = 20

  /// "x, y or z": the names within a few edits of `name`, or all of them where none is near.
  public static func among(_ known: [String], for name: String) -> String {
    let near =
      (name.utf8.count > longestName ? [] : known)
      .map { ($0, distance(name.lowercased(), $0.lowercased())) }
      .filter { $0.1 <= max(2, name.count / 3) }
      .sorted { $0.1 < $1.1 }
      .prefix(3).map(\.0)
    guard near.isEmpty else { return listed(Array(near)) }
    return listed(known.count > mostListed ? known.prefix(mostListed) + ["…"] : known)
  }

  /// "a, b or c".
  public static func listed(_ names: [String], _ conjunction: String = "or") -> String {
    guard let last = names.last, names.count > 1 else { return names.first ?? "nothing" }
    return names.dropLast().joined(separator: ", ") + " \(conjunction) " + last
  }

  /// Levenshtein distance.
  static func distance(_ a: String, _ b: String) -> Int {
    let a = Array(a), b = Array(b)
    var row = Array(0...b.count)
    for i in 0..<a.count {
      var diagonal = row[0]
      row[0] = i + 1
      for j in 0..<b.count {
        let substitution = diagonal + (a[i] == b[j] ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = Swift.min(substitution, diagonal + 1, row[j] + 1)
      }
    }
    return row[b.count]
  }
}
