/// Where a text stands in the room that it has.
public enum Alignment: Sendable, Hashable {
  case left
  case centre
  case right
}

/// A piece of text in one style.
public struct TextSpan: Sendable, Hashable {
  public var text: String
  public var style: Style

  public init(_ text: String, _ style: Style = .plain) {
    self.text = text
    self.style = style
  }

  public init(_ text: String, _ role: ThemeRole) {
    self.init(text, Style(role))
  }
}

extension Grid {
  /// Writes one line of text; control characters become visible substitutes.
  ///
  /// - Parameters:
  ///   - text: one line.
  ///   - x: the first column of the room.
  ///   - y: the row.
  ///   - style: of every character.
  ///   - width: the room, by default up to the region's edge; longer text ends in `…`.
  ///   - alignment: within the room.
  /// - Returns: the column after the last one that was used.
  @discardableResult
  public mutating func drawText(
    _ text: some StringProtocol, x: Int, y: Int, style: Style = .plain, width: Int? = nil,
    alignment: Alignment = .left
  ) -> Int {
    let room = max(0, width ?? bounds.width - x)
    let length = columns(of: text)
    if length > room { return drawTruncated(text, x: x, y: y, style: style, room: room) }
    var column = x
    switch alignment {
    case .left: break
    case .centre: column += (room - length) / 2
    case .right: column += room - length
    }
    for scalar in text.unicodeScalars {
      column += drawScalar(scalar, x: column, y: y, style: style)
    }
    return column
  }

  /// The columns that a text takes when it is drawn into this grid.
  public func columns(of text: some StringProtocol) -> Int {
    text.unicodeScalars.reduce(0) {
      $0 + DisplayWidth.of(DisplayWidth.visible($1, glyphs: medium.glyphs))
    }
  }

  /// Writes spans one after the other on one line.
  @discardableResult
  public mutating func drawSpans(_ spans: [TextSpan], x: Int, y: Int, width: Int? = nil) -> Int {
    let end = x + (width ?? bounds.width - x)
    var column = x
    for span in spans where column < end {
      column = drawText(span.text, x: column, y: y, style: span.style, width: end - column)
    }
    return column
  }

  /// Writes a scalar or its substitute and returns its width.
  mutating func drawScalar(
    _ scalar: Unicode.Scalar, x: Int, y: Int, style: Style
  ) -> Int {
    let shown = DisplayWidth.visible(scalar, glyphs: medium.glyphs)
    switch DisplayWidth.of(shown) {
    case 0:
      addMark(shown, x: x - 1, y: y)
      return 0
    case let columns:
      put(shown, x: x, y: y, style: style)
      return columns
    }
  }

  private mutating func drawTruncated(
    _ text: some StringProtocol, x: Int, y: Int, style: Style, room: Int
  ) -> Int {
    var column = x
    for scalar in text.unicodeScalars {
      let shown = DisplayWidth.visible(scalar, glyphs: medium.glyphs)
      if column + DisplayWidth.of(shown) > x + room - 1 { break }
      column += drawScalar(scalar, x: column, y: y, style: style)
    }
    if room > 0 {
      put(medium.choose("…", "~"), x: column, y: y, style: style)
      column += 1
    }
    return column
  }
}
