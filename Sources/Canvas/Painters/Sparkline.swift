extension Grid {
  /// Paints values as a row of bars `▁▂▃▄▅▆▇█` (ASCII: `_.-=+*#@`), one a column.
  ///
  /// More values than columns: each column shows the mean of its share. NaN is `×` (`!`). The value
  /// at the index `cursor` is highlighted.
  public mutating func drawSparkline(
    _ values: [Float], x: Int, y: Int, width: Int, scale: Normalization,
    style: Style = Style(.accent), cursor: Int? = nil
  ) {
    guard width > 0, !values.isEmpty else { return }
    let columns = min(width, values.count)
    for column in 0..<columns {
      let first = column * values.count / columns
      let end = (column + 1) * values.count / columns
      let mean = values[first..<end].reduce(0, +) / Float(end - first)
      let isCursor = cursor.map { $0 >= first && $0 < end } ?? false
      let shown = isCursor ? Style(.role(.cursor), on: style.background, .bold) : style
      guard let fraction = scale.fraction(mean) else {
        put(medium.choose("×", "!"), x: x + column, y: y, style: Style(.notANumber))
        continue
      }
      let glyph: Unicode.Scalar
      if medium.isUnicode {
        glyph = Blocks.fromBelow(1 + Int((fraction * 7).rounded()))
      } else {
        glyph = Grid.asciiSpark[Int((fraction * 7).rounded())]
      }
      put(glyph, x: x + column, y: y, style: shown)
    }
  }

  private static let asciiSpark: [Unicode.Scalar] = ["_", ".", "-", "=", "+", "*", "#", "@"]
}

/// Block elements by eighths.
enum Blocks {
  /// `▁` … `█` for 1…8 eighths, blank for 0.
  static func fromBelow(_ eighths: Int) -> Unicode.Scalar {
    eighths <= 0 ? " " : Unicode.Scalar(0x2580 + UInt32(min(8, eighths))) ?? "█"
  }

  /// `▏` … `█` for 1…8 eighths, blank for 0.
  static func fromLeft(_ eighths: Int) -> Unicode.Scalar {
    eighths <= 0 ? " " : Unicode.Scalar(0x2590 - UInt32(min(8, eighths))) ?? "█"
  }
}
