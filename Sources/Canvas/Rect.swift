/// A rectangle of cells. `x` grows to the right, `y` downwards.
public struct Rect: Sendable, Hashable {
  public var x: Int
  public var y: Int
  public var width: Int
  public var height: Int

  /// Negative sizes become zero.
  public init(x: Int = 0, y: Int = 0, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = max(0, width)
    self.height = max(0, height)
  }

  /// One past the last column.
  public var maxX: Int { x + width }
  /// One past the last row.
  public var maxY: Int { y + height }
  public var isEmpty: Bool { width == 0 || height == 0 }

  public func contains(x px: Int, y py: Int) -> Bool {
    px >= x && px < maxX && py >= y && py < maxY
  }

  /// The part that both rectangles cover; empty if they do not meet.
  public func intersection(_ other: Rect) -> Rect {
    let left = max(x, other.x)
    let top = max(y, other.y)
    return Rect(
      x: left, y: top,
      width: min(maxX, other.maxX) - left, height: min(maxY, other.maxY) - top)
  }

  public func inset(dx: Int = 0, dy: Int = 0) -> Rect {
    Rect(x: x + dx, y: y + dy, width: width - 2 * dx, height: height - 2 * dy)
  }

  public func translated(dx: Int, dy: Int) -> Rect {
    Rect(x: x + dx, y: y + dy, width: width, height: height)
  }

  /// A rectangle of the given size in the middle of this one, cut to fit.
  public func centred(width: Int, height: Int) -> Rect {
    let w = min(width, self.width)
    let h = min(height, self.height)
    return Rect(x: x + (self.width - w) / 2, y: y + (self.height - h) / 2, width: w, height: h)
  }

  /// One row of this rectangle, counted from its top.
  public func row(_ index: Int) -> Rect {
    Rect(x: x, y: y + index, width: width, height: index >= 0 && index < height ? 1 : 0)
  }
}

/// How much room one part of a split gets.
public enum Length: Sendable, Hashable {
  /// So many cells, less if there is not enough room.
  case fixed(Int)
  /// A share of what the fixed parts and gaps leave.
  case flexible(Double = 1)
}

extension Rect {
  /// Cuts the rectangle into parts from top to bottom that cover it without overlap.
  public func splitRows(_ lengths: [Length], gap: Int = 0) -> [Rect] {
    var top = y
    return Rect.allot(lengths, total: height, gap: gap).map { size in
      defer { top += size + gap }
      return Rect(x: x, y: min(top, maxY), width: width, height: size)
    }
  }

  /// Cuts the rectangle into parts from left to right that cover it without overlap.
  public func splitColumns(_ lengths: [Length], gap: Int = 0) -> [Rect] {
    var left = x
    return Rect.allot(lengths, total: width, gap: gap).map { size in
      defer { left += size + gap }
      return Rect(x: min(left, maxX), y: y, width: size, height: height)
    }
  }

  /// Sizes in cells: fixed parts first, in order, then the rest by weight, rounding carried along
  /// so that the sizes add up to the total.
  private static func allot(_ lengths: [Length], total: Int, gap: Int) -> [Int] {
    var room = max(0, total - gap * max(0, lengths.count - 1))
    var weight = 0.0
    var sizes = lengths.map { length -> Int in
      switch length {
      case .fixed(let wanted):
        let size = max(0, min(wanted, room))
        room -= size
        return size
      case .flexible(let share):
        weight += max(0, share)
        return 0
      }
    }
    guard weight > 0 else { return sizes }
    var seen = 0.0
    var given = 0
    for (index, length) in lengths.enumerated() {
      guard case .flexible(let share) = length else { continue }
      seen += max(0, share)
      let end = Int((Double(room) * seen / weight).rounded())
      sizes[index] = end - given
      given = end
    }
    return sizes
  }
}
