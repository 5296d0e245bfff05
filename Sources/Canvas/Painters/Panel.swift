/// The eight pieces of a border.
private struct BorderGlyphs {
  let horizontal: Unicode.Scalar
  let vertical: Unicode.Scalar
  /// Top left, top right, bottom left, bottom right.
  let corners: [Unicode.Scalar]

  /// The focused panel has a heavier border, not only another colour.
  init(_ medium: Medium, isFocused: Bool) {
    switch (medium.isUnicode, isFocused) {
    case (true, false): self.init("─", "│", ["╭", "╮", "╰", "╯"])
    case (true, true): self.init("━", "┃", ["┏", "┓", "┗", "┛"])
    case (false, false): self.init("-", "|", ["+", "+", "+", "+"])
    case (false, true): self.init("=", "|", ["#", "#", "#", "#"])
    }
  }

  private init(
    _ horizontal: Unicode.Scalar, _ vertical: Unicode.Scalar, _ corners: [Unicode.Scalar]
  ) {
    self.horizontal = horizontal
    self.vertical = vertical
    self.corners = corners
  }
}

extension Grid {
  /// Paints a frame with a title at its top left and more text at its top right.
  ///
  /// - Returns: the rectangle inside of the frame, in the same coordinates as `rect`.
  @discardableResult
  public mutating func drawPanel(
    title: String = "", trailing: String = "", isFocused: Bool = false, in rect: Rect
  ) -> Rect {
    within(rect) { $0.drawFrame(title, trailing, isFocused) }
    return rect.inset(dx: 1, dy: 1)
  }

  private mutating func drawFrame(_ title: String, _ trailing: String, _ isFocused: Bool) {
    let glyphs = BorderGlyphs(medium, isFocused: isFocused)
    let style = Style(isFocused ? .focusedBorder : .border)
    let right = bounds.width - 1
    let bottom = bounds.height - 1
    for x in stride(from: 1, to: right, by: 1) {
      put(glyphs.horizontal, x: x, y: 0, style: style)
      put(glyphs.horizontal, x: x, y: bottom, style: style)
    }
    for y in stride(from: 1, to: bottom, by: 1) {
      put(glyphs.vertical, x: 0, y: y, style: style)
      put(glyphs.vertical, x: right, y: y, style: style)
    }
    put(glyphs.corners[0], x: 0, y: 0, style: style)
    put(glyphs.corners[1], x: right, y: 0, style: style)
    put(glyphs.corners[2], x: 0, y: bottom, style: style)
    put(glyphs.corners[3], x: right, y: bottom, style: style)
    let room = bounds.width - 4
    guard room > 0 else { return }
    var end = 2
    if !title.isEmpty {
      let shown = " " + title + " "
      end = drawText(
        shown, x: 2, y: 0, style: Style(isFocused ? .focusedBorder : .title, on: .default, .bold),
        width: min(room, columns(of: shown)))
    }
    let extra = " " + trailing + " "
    let length = columns(of: extra)
    if !trailing.isEmpty && end + length + 1 <= right - 1 {
      drawText(extra, x: right - 1 - length, y: 0, style: Style(.dim))
    }
  }

  /// Paints a box in the middle of the region, cleared inside, and dims everything around it.
  ///
  /// - Returns: the rectangle inside of the frame, with a column of margin at either side.
  public mutating func drawModal(
    title: String, trailing: String = "", width: Int, height: Int
  ) -> Rect {
    restyle(bounds) { $0.attributes.insert(.dim) }
    let box = bounds.centred(width: width, height: height)
    fill(box, style: .plain)
    return drawPanel(title: title, trailing: trailing, isFocused: true, in: box).inset(dx: 1)
  }
}
