/// The likeliest tokens of a distribution.
public enum TopTokens {
  /// The indices of the `count` largest numbers, the largest first; of equal ones the lower index.
  /// NaN is never among them.
  /// - Complexity: O(n·count) at worst, O(n) as a rule: most numbers are below all that are kept.
  public static func indices(_ values: [Float], count: Int) -> [Int] {
    guard count > 0 else { return [] }
    var kept: [Int] = []
    for (index, value) in values.enumerated() where !value.isNaN {
      if kept.count == count, let last = kept.last, values[last] >= value { continue }
      let place = kept.firstIndex { values[$0] < value } ?? kept.count
      kept.insert(index, at: place)
      if kept.count > count { kept.removeLast() }
    }
    return kept
  }
}
