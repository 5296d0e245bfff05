/// Text that is broken into lines.
public enum Paragraph {
  /// Reads `**bold**` and `` `code` `` (in the accent colour); a mark without a partner stays text.
  public static func spans(markup: String, style: Style = .plain) -> [TextSpan] {
    var spans: [TextSpan] = []
    var rest = Substring(markup)
    var plain = ""
    while let first = rest.first {
      let mark = rest.hasPrefix("**") ? "**" : first == "`" ? "`" : ""
      let body = rest.dropFirst(mark.count)
      if !mark.isEmpty, let end = Paragraph.index(of: mark, in: body), end > body.startIndex {
        if !plain.isEmpty { spans.append(TextSpan(plain, style)) }
        plain = ""
        let inner = String(body[..<end])
        spans.append(
          mark == "`"
            ? TextSpan(inner, Style(.role(.accent), on: style.background))
            : TextSpan(inner, style.with(.bold)))
        rest = body[end...].dropFirst(mark.count)
      } else {
        plain.append(first)
        rest = rest.dropFirst()
      }
    }
    if !plain.isEmpty { spans.append(TextSpan(plain, style)) }
    return spans
  }

  private static func index(of mark: String, in text: Substring) -> Substring.Index? {
    text.indices.first { text[$0...].hasPrefix(mark) }
  }

  /// Breaks spans into lines of at most `width` columns, at spaces where there are any; a word that
  /// is longer than a line is cut. Newlines are kept.
  public static func lines(_ spans: [TextSpan], width: Int) -> [[TextSpan]] {
    guard width > 0 else { return [] }
    var breaker = LineBreaker(width: width)
    for span in spans {
      for scalar in span.text.unicodeScalars { breaker.add(scalar, span.style) }
    }
    return breaker.finish()
  }
}

/// Collects scalars into lines, one word at a time.
private struct LineBreaker {
  private typealias Piece = (scalar: Unicode.Scalar, style: Style)

  private let width: Int
  private var lines: [[TextSpan]] = []
  private var line: [Piece] = []
  private var lineWidth = 0
  private var word: [Piece] = []
  private var wordWidth = 0

  init(width: Int) { self.width = width }

  mutating func add(_ scalar: Unicode.Scalar, _ style: Style) {
    if scalar == "\n" {
      endWord()
      endLine()
    } else if scalar == " " {
      endWord()
      if lineWidth < width {
        line.append((scalar, style))
        lineWidth += 1
      }
    } else {
      let columns = DisplayWidth.of(scalar)
      if wordWidth + columns > width { endWord() }
      word.append((scalar, style))
      wordWidth += columns
    }
  }

  mutating func finish() -> [[TextSpan]] {
    endWord()
    if !line.isEmpty || lines.isEmpty { endLine() }
    return lines
  }

  private mutating func endWord() {
    guard !word.isEmpty else { return }
    if lineWidth + wordWidth > width { endLine() }
    line += word
    lineWidth += wordWidth
    word = []
    wordWidth = 0
  }

  /// Ends the line without its trailing blanks.
  private mutating func endLine() {
    while line.last?.scalar == " " { line.removeLast() }
    var spans: [TextSpan] = []
    for piece in line {
      if spans.last?.style == piece.style {
        spans[spans.count - 1].text.unicodeScalars.append(piece.scalar)
      } else {
        spans.append(TextSpan(String(piece.scalar), piece.style))
      }
    }
    lines.append(spans)
    line = []
    lineWidth = 0
  }
}

extension Grid {
  /// Paints wrapped text, scrolled so that `firstLine` is at the top of the rectangle.
  ///
  /// - Returns: the number of lines of the whole text.
  @discardableResult
  public mutating func drawParagraph(_ spans: [TextSpan], in rect: Rect, firstLine: Int = 0) -> Int
  {
    let lines = Paragraph.lines(spans, width: rect.width)
    within(rect) { grid in
      for (y, line) in lines.dropFirst(max(0, firstLine)).prefix(rect.height).enumerated() {
        grid.drawSpans(line, x: 0, y: y)
      }
    }
    return lines.count
  }

  /// The same for text with `**bold**` and `` `code` ``.
  @discardableResult
  public mutating func drawParagraph(
    _ markup: String, in rect: Rect, style: Style = .plain, firstLine: Int = 0
  ) -> Int {
    drawParagraph(
      Paragraph.spans(markup: markup, style: style), in: rect, firstLine: firstLine)
  }
}
