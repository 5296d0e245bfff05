/// A curve over all updates in bounded memory: when it is full, neighbours are merged, and from then
/// on each point stands for twice as many updates.
public struct DecimatedHistory: Sendable, Equatable {
  /// Some updates in a row.
  public struct Point: Sendable, Equatable {
    public var mean: Double
    public var least: Double
    public var most: Double
    /// How many updates.
    public var count: Int

    fileprivate mutating func merge(_ other: Point) {
      let total = count + other.count
      mean = (mean * Double(count) + other.mean * Double(other.count)) / Double(total)
      least = min(least, other.least)
      most = max(most, other.most)
      count = total
    }
  }

  public let capacity: Int
  /// Every point but the last stands for `stride` updates.
  public private(set) var points: [Point] = []
  public private(set) var stride = 1

  /// - Parameter capacity: points at most; even.
  public init(capacity: Int = 1024) {
    precondition(capacity > 1 && capacity.isMultiple(of: 2), "capacity \(capacity)")
    self.capacity = capacity
  }

  /// The updates that were added.
  public var count: Int { max(0, points.count - 1) * stride + (points.last?.count ?? 0) }

  public mutating func append(_ value: Double) {
    let point = Point(mean: value, least: value, most: value, count: 1)
    if let last = points.last, last.count < stride {
      points[points.count - 1].merge(point)
      return
    }
    if points.count == capacity {
      points = Swift.stride(from: 0, to: capacity, by: 2).map { index in
        var merged = points[index]
        merged.merge(points[index + 1])
        return merged
      }
      stride *= 2
    }
    points.append(point)
  }

  /// Forgets the last updates. A point that stood for some of them keeps its mean.
  ///
  /// - Parameter count: what remains.
  public mutating func truncate(to count: Int) {
    guard count < self.count else { return }
    points.removeLast(points.count - (count + stride - 1) / stride)
    if let last = points.indices.last { points[last].count = count - last * stride }
  }
}
