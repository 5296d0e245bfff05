/// Characters that are drawn as shapes, so that they meet at the edges of cells whatever the font.
/// Coordinates are those of a cell 10 wide and 20 high.
enum SVGShapes {
  static let cellWidth = 10
  static let cellHeight = 20

  /// Filled rectangles (x, y, width, height) and their opacity; nil for other characters.
  static func rectangles(
    _ scalar: Unicode.Scalar
  ) -> (rects: [(x: Double, y: Double, width: Double, height: Double)], opacity: Double)? {
    let value = scalar.value
    switch value {
    case 0x2580: return ([(0, 0, 10, 10)], 1)
    case 0x2581...0x2588:
      let high = Double(value - 0x2580) * 2.5
      return ([(0, 20 - high, 10, high)], 1)
    case 0x2589...0x258F: return ([(0, 0, Double(0x2590 - value) * 1.25, 20)], 1)
    case 0x2590: return ([(5, 0, 5, 20)], 1)
    case 0x2591...0x2593: return ([(0, 0, 10, 20)], Double(value - 0x2590) * 0.25)
    case 0x2596...0x259F:
      let masks: [UInt8] = [4, 8, 1, 13, 9, 7, 11, 2, 6, 14]
      let mask = masks[Int(value - 0x2596)]
      let corners: [(Double, Double)] = [(0, 0), (5, 0), (0, 10), (5, 10)]
      return (
        corners.enumerated().filter { mask & 1 << $0.offset != 0 }
          .map { ($0.element.0, $0.element.1, 5, 10) }, 1
      )
    default: return nil
    }
  }

  /// Centres of braille dots; nil for other characters.
  static func dots(_ scalar: Unicode.Scalar) -> [(x: Double, y: Double)]? {
    guard (0x2800...0x28FF).contains(scalar.value) else { return nil }
    let mask = scalar.value - 0x2800
    let places: [(Double, Double)] = [
      (2.5, 2.5), (2.5, 7.5), (2.5, 12.5), (7.5, 2.5), (7.5, 7.5), (7.5, 12.5), (2.5, 17.5),
      (7.5, 17.5),
    ]
    return places.enumerated().filter { mask & 1 << UInt32($0.offset) != 0 }.map { $0.element }
  }

  /// A path of lines in the middle of the cell, and whether it is heavy; nil for other characters.
  static func lines(_ scalar: Unicode.Scalar) -> (
    path: (_ x: Int, _ y: Int) -> String, isHeavy: Bool
  )? {
    func arms(_ draw: String, heavy: Bool = false) -> ((Int, Int) -> String, Bool) {
      ({ x, y in "M\(x) \(y)" + draw }, heavy)
    }
    switch scalar {
    case "─": return arms("m0 10h10")
    case "│": return arms("m5 0v20")
    case "━": return arms("m0 10h10", heavy: true)
    case "┃": return arms("m5 0v20", heavy: true)
    case "╭": return arms("m10 10h-1q-4 0-4 4v6")
    case "╮": return arms("m0 10h1q4 0 4 4v6")
    case "╰": return arms("m10 10h-1q-4 0-4-4v-6")
    case "╯": return arms("m0 10h1q4 0 4-4v-6")
    case "┏": return arms("m10 10h-5v10", heavy: true)
    case "┓": return arms("m0 10h5v10", heavy: true)
    case "┗": return arms("m10 10h-5v-10", heavy: true)
    case "┛": return arms("m0 10h5v-10", heavy: true)
    case "┤": return arms("m0 10h5m0-10v20")
    case "├": return arms("m10 10h-5m0-10v20")
    case "┼": return arms("m0 10h10m-5-10v20")
    case "┄": return arms("m.7 10h2m1.3 0h2m1.3 0h2")
    case "╍": return arms("m0 10h4m2 0h4", heavy: true)
    case "┅": return arms("m.7 10h2m1.3 0h2m1.3 0h2", heavy: true)
    case "┉": return arms("m.5 10h1.5m1 0h1.5m1 0h1.5m1 0h1.5", heavy: true)
    default: return nil
    }
  }

  /// A decimal number without a needless fraction.
  static func number(_ value: Double) -> String {
    value == value.rounded() ? String(Int(value)) : String(value)
  }
}
