/// How a token strip is drawn.
public struct TokenStripOptions: Sendable, Hashable {
  /// The token that is being read.
  public var current: Int?
  /// The number of the first token.
  public var firstIndex = 0
  /// Tokens after the current one are dimmed: they have not been read yet.
  public var dimsFuture = true
  /// Tokens with a mark of their own, such as breakpoints: underlined, `•` below.
  public var marked: Set<Int> = []

  public init(current: Int? = nil) {
    self.current = current
  }
}

extension Grid {
  /// Paints tokens side by side, the current one highlighted and always in view; a second row, if
  /// there is one, numbers them.
  ///
  /// Whitespace is shown as `␣ ↵ ␉` (ASCII: `_ $ >`), an empty token as `∅`.
  ///
  /// - Returns: the tokens that are visible, and the columns of each, separators not included.
  @discardableResult
  public mutating func drawTokenStrip(
    _ tokens: [String], in rect: Rect, options: TokenStripOptions = TokenStripOptions()
  ) -> [(index: Int, columns: Range<Int>)] {
    // A token takes two columns at least, so no more of them than that can be in view.
    let middle = max(0, min(options.current ?? 0, tokens.count))
    let near = max(0, middle - rect.width)..<min(tokens.count, middle + rect.width + 1)
    let shown = near.map { Grid.visibleToken(tokens[$0], glyphs: medium.glyphs) }
    var starts: [Int] = []
    var total = 1
    for token in shown {
      starts.append(total)
      total += columns(of: token) + 1
    }
    // The current token's place among those near it.
    let boxed = options.current.flatMap { near.contains($0) ? $0 - near.lowerBound : nil }
    var scroll = 0
    if let boxed, total > rect.width {
      let middle = starts[boxed] + columns(of: shown[boxed]) / 2
      scroll = max(0, min(middle - rect.width / 2, total - rect.width))
    }
    return within(rect) { grid in
      var visible: [(index: Int, columns: Range<Int>)] = []
      // Columns that numbers have taken: the box's, then those of the tokens drawn.
      var taken =
        boxed.map { boxed in
          [
            grid.boxedNumber(
              options.firstIndex + near.lowerBound + boxed, x: starts[boxed] - scroll,
              width: grid.columns(of: shown[boxed]))
          ]
        }
        ?? []
      for (index, token) in zip(near, shown) {
        let x = starts[index - near.lowerBound] - scroll
        let end = x + grid.columns(of: token)
        if end < 0 { continue }
        if x > grid.bounds.width { break }
        grid.drawToken(token, index: index, x: x, end: end, options, &taken)
        let part = x.clamped(0, grid.bounds.width)..<end.clamped(0, grid.bounds.width)
        if !part.isEmpty {
          visible.append((index, part.lowerBound + rect.x..<part.upperBound + rect.x))
        }
      }
      if let boxed {
        grid.drawTokenBox(
          shown[boxed], x: starts[boxed] - scroll, options.firstIndex + near.lowerBound + boxed)
      }
      grid.drawScrollMarks(
        left: near.lowerBound > 0 || scroll > 0,
        right: near.upperBound < tokens.count || total - scroll > rect.width)
      return visible
    }
  }

  private mutating func drawToken(
    _ token: String, index: Int, x: Int, end: Int, _ options: TokenStripOptions,
    _ taken: inout [Range<Int>]
  ) {
    var style = Style.plain
    if options.dimsFuture, let current = options.current, index > current { style = Style(.dim) }
    if options.marked.contains(index) { style.attributes.insert(.underline) }
    drawText(token, x: x, y: 0, style: style, width: end - x)
    put(medium.choose("│", "|"), x: end, y: 0, style: Style(.border))
    if index == 0 { put(medium.choose("│", "|"), x: x - 1, y: 0, style: Style(.border)) }
    // The current token's number stands in its box.
    guard bounds.height >= 2, index != options.current else { return }
    let number = String(options.firstIndex + index)
    if options.marked.contains(index) {
      put(medium.choose("•", "*"), x: x, y: 1, style: Style(.warning))
    } else if number.count <= end - x || (options.firstIndex + index).isMultiple(of: 5) {
      // Between narrow tokens every fifth has room, over its neighbours.
      let place = x - 1..<x + number.count + 1
      guard !taken.contains(where: { $0.overlaps(x..<x + number.count) }) else { return }
      drawText(number, x: x, y: 1, style: Style(.dim))
      taken.append(place)
    }
  }

  /// The columns of the current token's number and a blank on either side of it.
  private func boxedNumber(_ index: Int, x: Int, width: Int) -> Range<Int> {
    let count = String(index).count
    let start = max(0, min(x + (width - count) / 2, bounds.width - count))
    return start - 1..<start + count + 1
  }

  /// The current token in a box that covers its separators.
  private mutating func drawTokenBox(_ token: String, x: Int, _ index: Int) {
    let end = x + columns(of: token)
    let box = Style(.default, on: .role(.cursor), .bold)
    drawText(token, x: x, y: 0, style: box, width: end - x)
    let hasBackground = medium.depth > .none
    put(hasBackground ? " " : "[", x: x - 1, y: 0, style: hasBackground ? box : .plain)
    put(hasBackground ? " " : "]", x: end, y: 0, style: hasBackground ? box : .plain)
    guard bounds.height >= 2 else { return }
    let place = boxedNumber(index, x: x, width: end - x)
    fill(Rect(x: place.lowerBound, y: 1, width: place.count, height: 1), style: .plain)
    drawText(
      String(index), x: place.lowerBound + 1, y: 1, style: Style(.cursor, on: .default, .bold))
  }

  private mutating func drawScrollMarks(left: Bool, right: Bool) {
    if left { put(medium.choose("‹", "<"), x: 0, y: 0, style: Style(.accent)) }
    if right { put(medium.choose("›", ">"), x: bounds.width - 1, y: 0, style: Style(.accent)) }
  }

  /// A token with its whitespace made visible.
  public static func visibleToken(_ token: String, glyphs: Glyphs) -> String {
    if token.isEmpty { return glyphs == .unicode ? "∅" : "()" }
    var shown = String.UnicodeScalarView()
    for scalar in token.unicodeScalars {
      if scalar == " " {
        shown.append(glyphs == .unicode ? "␣" : "_")
      } else {
        shown.append(DisplayWidth.visible(scalar, glyphs: glyphs))
      }
    }
    return String(shown)
  }
}

extension Int {
  fileprivate func clamped(_ lo: Int, _ hi: Int) -> Int { Swift.max(lo, Swift.min(hi, self)) }
}
