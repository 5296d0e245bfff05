/// A word in two sentences: how far its vector differs, layer by layer.
public enum SentenceComparison {
  /// The cosine of the angle between two vectors; NaN if one of them is zero.
  /// - Precondition: both have the same length.
  public static func cosine(_ a: [Float], _ b: [Float]) -> Double {
    precondition(a.count == b.count, "\(a.count) and \(b.count) elements")
    var product = 0.0
    var first = 0.0
    var second = 0.0
    for index in a.indices {
      product += Double(a[index]) * Double(b[index])
      first += Double(a[index]) * Double(a[index])
      second += Double(b[index]) * Double(b[index])
    }
    return product / (first.squareRoot() * second.squareRoot())
  }

  /// The cosine between a token's vector in one run and one in another: of what enters the first
  /// layer, then behind every layer.
  public static func cosines(
    _ a: any AttentionSource, token first: Int, _ b: any AttentionSource, token second: Int
  ) -> [Double] {
    (0...min(a.layerCount, b.layerCount)).map { layers in
      cosine(
        a.stream(after: layers).vector(row: first), b.stream(after: layers).vector(row: second))
    }
  }

  /// The places in `tokens` of the word that stands at `index` in `other`.
  public static func places(
    of index: Int, in other: [AttentionToken], among tokens: [AttentionToken]
  ) -> [Int] {
    guard other.indices.contains(index) else { return [] }
    let word = trimmed(other[index].label)
    return tokens.indices.filter { trimmed(tokens[$0].label) == word }
  }

  /// Whether a word begins the sentence or stands within it must not matter: byte-level tokens carry
  /// the space before them.
  private static func trimmed(_ label: String) -> Substring { label.drop { $0 == " " } }
}
