extension Grid {
  /// The characters without their styles, one line a row, trailing blanks trimmed.
  ///
  /// Painted for `Medium.plainText` this is the linear form for screen readers and logs; with half
  /// blocks the values are in the colours, which are not here.
  public func text() -> String {
    var result = String.UnicodeScalarView()
    for y in 0..<height {
      var end = width
      while end > 0 && cells[y * width + end - 1].scalar == " " { end -= 1 }
      for x in 0..<end { appendCell(x: x, y: y, to: &result) }
      result.append("\n")
    }
    return String(result)
  }

  /// Appends a cell's scalar and its combining marks; nothing for the half of a wide character.
  func appendCell(x: Int, y: Int, to result: inout String.UnicodeScalarView) {
    let cell = cells[y * width + x]
    if cell.isContinuation { return }
    result.append(cell.scalar)
    if !marks.isEmpty, let added = marks[y * width + x] { result.append(contentsOf: added) }
  }
}
