/// A head of a transformer; layers and heads count from 0.
public struct AttentionHead: Hashable, Sendable, CustomStringConvertible {
  public let layer: Int
  public let head: Int

  public init(layer: Int, head: Int) {
    self.layer = layer
    self.head = head
  }

  /// The head with the largest of some counts, `[layers][heads]`; the first of equals.
  init(largestOf counts: [[Int]]) {
    var best = (layer: 0, head: 0)
    for (layer, row) in counts.enumerated() {
      for (head, count) in row.enumerated() where count > counts[best.layer][best.head] {
        best = (layer, head)
      }
    }
    self.init(layer: best.layer, head: best.head)
  }

  /// As the metadata of a model name it: "layer 1, head 0".
  public var description: String { "layer \(layer), head \(head)" }
}
