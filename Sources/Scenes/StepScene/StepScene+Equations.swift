internal import Canvas
internal import Debugger
internal import Equations
internal import Networks

/// The source panel: equations with the program counter, each with its value and how it went.
extension StepScene {
  /// The paint of an equation's name, the same in every panel.
  func paint(ofEquation index: Int) -> Paint { .role(.series(index % 8)) }

  func drawEquations(
    in grid: inout Grid, _ rect: Rect, substitutionRows: Int, watchRows: Int
  ) {
    let id = session.layer
    let glyphs = grid.medium.glyphs
    let direction = id.direction == .reverse ? " reverse" : ""
    let title = "\(recording.cell.name), layer \(id.layer)\(direction)"
    let shown =
      cursor.pass == .forward
      ? "unit \(unit)" : "\(grid.medium.isUnicode ? "∂L/∂value" : "dL/dvalue"), unit \(unit)"
    let lines = visibleLines(
      rows: rect.height - 2 - watchRows, substitutionRows: substitutionRows)
    let isCut = lines.count < lineCount
    let place = isCut ? "\(lines.lowerBound + 1)-\(lines.upperBound) of \(lineCount)  " : ""
    let inner = grid.drawPanel(
      title: title, trailing: place + shown, isFocused: focus == .equations, in: rect)
    // Source, then how the unit's value went, then the value itself.
    let sparkWidth = inner.width >= 60 ? 12 : inner.width >= 50 ? 8 : 0
    let valueWidth = Self.valueWidth
    let textWidth = inner.width - valueWidth - (sparkWidth > 0 ? sparkWidth + 1 : 0)
    // Rows that nothing else needs are for the second lines of long equations.
    var spare = max(0, inner.height - lines.count - watchRows - substitutionRows)
    var y = inner.y
    for index in lines.clamped(to: equations.indices) {
      let position = Position(
        pass: cursor.pass, part: .layer(id), time: cursor.time, equation: index)
      let text = spelled(recording.cell.text(ofEquation: index), glyphs)
      let length = grid.columns(of: text)
      // A long one takes the sparkline's place, then a second line.
      let hasSpark = sparkWidth > 0 && length <= textWidth - 2
      let width = hasSpark ? textWidth : inner.width - valueWidth
      let parts = length <= width - 2 || spare == 0 ? [text] : Self.halves(of: text, width - 2)
      for (number, part) in parts.enumerated() {
        drawLine(
          in: &grid, Rect(x: inner.x, y: y + number, width: inner.width, height: 1), position,
          spans: spans(of: part, glyphs), textWidth: width, isFirst: number == 0)
      }
      if hasSpark { drawSpark(in: &grid, index, id, x: inner.x + textWidth + 1, y, sparkWidth) }
      drawValue(in: &grid, index, id, x: inner.maxX - valueWidth, y, valueWidth)
      y += parts.count
      spare -= parts.count - 1
    }
    for line in OutputEquation.allCases where lines.contains(equations.count + line.rawValue) {
      let position = Position(
        pass: cursor.pass, part: .output, time: cursor.time, equation: line.rawValue)
      drawLine(
        in: &grid, Rect(x: inner.x, y: y, width: inner.width, height: 1), position,
        spans: [TextSpan(spelled(line.text(of: recording.request.loss), glyphs), .dim)],
        textWidth: textWidth)
      drawOutcome(
        of: line, in: &grid, Rect(x: inner.x + 20, y: y, width: inner.width - 20, height: 1))
      y += 1
    }
    drawWatches(in: &grid, Rect(x: inner.x, y: y, width: inner.width, height: watchRows))
    drawSubstitution(
      in: &grid,
      Rect(
        x: inner.x, y: y + watchRows, width: inner.width,
        height: min(substitutionRows, inner.maxY - y - watchRows)))
  }

  /// The equations, then the output's lines.
  var lineCount: Int {
    equations.count + (session.timeline.hasOutput ? OutputEquation.allCases.count : 0)
  }

  static let valueWidth = 8

  /// Rows that the cell's long equations take more than one of, in a panel so wide.
  func secondLines(width: Int, _ grid: Grid) -> Int {
    equations.indices.count { index in
      grid.columns(of: spelled(recording.cell.text(ofEquation: index), grid))
        > width - 4 - Self.valueWidth
    }
  }

  /// A text cut at the last blank before `width`; the second part is indented.
  private static func halves(of text: String, _ width: Int) -> [String] {
    let first = text.prefix(width)
    guard let cut = first.lastIndex(of: " "), cut > text.startIndex else { return [text] }
    return [String(text[..<cut]), "   " + text[text.index(after: cut)...]]
  }

  /// The lines that are shown: all, or those around the cursor's, with room for its numbers.
  private func visibleLines(rows: Int, substitutionRows: Int) -> Range<Int> {
    guard lineCount > rows else { return 0..<lineCount }
    let count = max(1, rows - substitutionRows)
    let current = cursor.layer == nil ? equations.count + cursor.equation : cursor.equation
    let first = min(max(0, current - count / 2), lineCount - count)
    return first..<first + count
  }

  /// Behind the output's lines what they give: the likeliest tokens, the loss.
  private func drawOutcome(of line: OutputEquation, in grid: inout Grid, _ rect: Rect) {
    let text: String
    switch line {
    case .logits: return
    case .probabilities:
      let probabilities = recording.probabilities(time: cursor.time)
      text = probabilities.indices.sorted { probabilities[$0] > probabilities[$1] }.prefix(2)
        .map { id in
          Grid.visibleToken(outputName(id), glyphs: grid.medium.glyphs)
            + " " + NumberText.text(Double(probabilities[id]), digits: 2)
        }.joined(separator: "  ")
    case .loss:
      text =
        recording.targets[cursor.time] < 0
        ? "-" : NumberText.text(recording.losses[cursor.time], glyphs: grid.medium.glyphs)
    }
    _ = grid.drawText(
      text, x: rect.x, y: rect.y, style: .plain, width: rect.width, alignment: .right)
  }

  private func drawLine(
    in grid: inout Grid, _ rect: Rect, _ position: Position, spans: [TextSpan], textWidth: Int,
    isFirst: Bool = true
  ) {
    guard rect.y < grid.bounds.height else { return }
    let isCurrent = position == cursor
    let arrow = grid.medium.isUnicode ? (cursor.pass == .forward ? "▶" : "◀") : ">"
    _ = grid.drawText(
      isCurrent && isFirst ? arrow : " ", x: rect.x, y: rect.y, style: Style(.accent, [.bold]),
      width: 1)
    _ = grid.drawSpans(spans, x: rect.x + 2, y: rect.y, width: textWidth - 2)
    if spans.reduce(0, { $0 + grid.columns(of: $1.text) }) > textWidth - 2 {
      let more = grid.medium.isUnicode ? "…" : ">"
      _ = grid.drawText(
        more, x: rect.x + textWidth - 1, y: rect.y, style: Style(.accent, [.bold]), width: 1)
    }
    if isCurrent {
      grid.restyle(rect) { style in
        style.background = .role(.selection)
        style.attributes.insert(.bold)
      }
    }
    places.lines.append((position, rect.y, rect.x..<rect.maxX))
  }

  /// An equation's text with its names in their colours.
  private func spans(of text: String, _ glyphs: Glyphs) -> [TextSpan] {
    EquationText.pieces(of: text).map { piece in
      guard piece.isName else { return TextSpan(piece.text, .plain) }
      if let index = equations.firstIndex(where: { spelled($0.name.text, glyphs) == piece.text }) {
        return TextSpan(piece.text, Style(paint(ofEquation: index), [.bold]))
      }
      let isReserved = Identifier.reserved[Identifier(piece.text)] != nil
      return TextSpan(piece.text, isReserved ? Style(.accent) : Style(.dim))
    }
  }

  private func drawSpark(
    in grid: inout Grid, _ equation: Int, _ id: LayerID, x: Int, _ y: Int, _ width: Int
  ) {
    let last = recording.seqLen - 1
    let start = max(0, min(cursor.time - width + 1, last - width + 1))
    let unit = min(unit, recording.valueSize(id, equation) - 1)
    let values = (start...min(last, start + width - 1)).map { time in
      cursor.pass == .forward
        ? recording.value(id, equation, time: time, unit: unit)
        : recording.gradient(id, equation, time: time, unit: unit)
    }
    grid.drawSparkline(
      values, x: x, y: y, width: width, scale: sparkScale(ofEquation: equation, unit: unit),
      style: Style(paint(ofEquation: equation)), cursor: cursor.time - start)
  }

  private func drawValue(
    in grid: inout Grid, _ equation: Int, _ id: LayerID, x: Int, _ y: Int, _ width: Int
  ) {
    // What comes later in the program has no value yet.
    let position = Position(
      pass: cursor.pass, part: .layer(id), time: cursor.time, equation: equation)
    let isKnown = session.timeline.index(of: position) <= session.timeline.index(of: cursor)
    let unit = min(unit, recording.valueSize(id, equation) - 1)
    let value =
      cursor.pass == .forward
      ? recording.value(id, equation, time: cursor.time, unit: unit)
      : recording.gradient(id, equation, time: cursor.time, unit: unit)
    let text = NumberText.text(Double(value), width: width, glyphs: grid.medium.glyphs)
    let changed = session.original.map { original in
      cursor.time < original.seqLen
        && original.value(id, equation, time: cursor.time, unit: unit)
          != recording.value(id, equation, time: cursor.time, unit: unit)
    }
    let style =
      !isKnown
      ? Style(.dim) : changed == true ? Style(.warning, [.bold]) : Style(.text, [.bold])
    _ = grid.drawText(text, x: x, y: y, style: style, width: width, alignment: .right)
  }

  private func drawWatches(in grid: inout Grid, _ rect: Rect) {
    for (index, watch) in session.watches.prefix(max(0, rect.height)).enumerated() {
      let y = rect.y + index
      let value =
        switch session.value(of: watch) {
        case .success(let result): Self.shown(result)
        case .failure(let error): error.description
        }
      let end = grid.drawText(
        "watch \(watch.number) ", x: rect.x + 2, y: y, style: Style(.dim), width: rect.width - 2)
      _ = grid.drawSpans(
        [
          TextSpan(spelled(watch.text, grid.medium.glyphs), .accent),
          TextSpan(" = \(value)", .plain),
        ], x: end, y: y, width: rect.maxX - end)
    }
  }

  /// The current equation with the selected unit's numbers put in.
  private func drawSubstitution(in grid: inout Grid, _ rect: Rect) {
    guard rect.height > 0 else { return }
    let glyphs = grid.medium.glyphs
    let number = { (value: Double) in NumberText.text(value, glyphs: glyphs) }
    guard cursor.layer != nil else {
      drawOutputNumbers(in: &grid, rect)
      return
    }
    let equation = equations[cursor.equation]
    let unit = min(unit, recording.valueSize(session.layer, cursor.equation) - 1)
    guard
      let line = Substitution(
        cell: recording.cell, equation: equation, unit: unit, values: session.step, number: number)
    else { return }
    var spans = [
      TextSpan(
        "\(spelled(equation.name.text, glyphs))[\(unit)] = ",
        Style(paint(ofEquation: cursor.equation), [.bold]))
    ]
    for piece in line.pieces {
      spans.append(
        TextSpan(spelled(piece.text, glyphs), piece.source == nil ? Style(.dim) : .plain))
    }
    spans.append(TextSpan(" = \(number(line.result))", Style(.text, [.bold])))
    if let original = session.original, cursor.time < original.seqLen, let id = cursor.layer {
      let before = original.value(id, cursor.equation, time: cursor.time, unit: unit)
      if before != recording.value(id, cursor.equation, time: cursor.time, unit: unit) {
        spans.append(TextSpan(" (was \(number(Double(before))))", .ghost))
      }
    }
    if cursor.pass == .backward, let id = cursor.layer {
      let gradient = recording.gradient(id, cursor.equation, time: cursor.time, unit: unit)
      let symbol = grid.medium.isUnicode ? "∂L/∂" : "dL/d"
      spans.append(
        TextSpan(
          "  \(symbol)\(spelled(equation.name.text, glyphs)) = \(number(Double(gradient)))", .accent
        ))
    }
    _ = grid.drawParagraph(
      spans, in: Rect(x: rect.x + 2, y: rect.y, width: rect.width - 2, height: rect.height))
  }

  private func drawOutputNumbers(in grid: inout Grid, _ rect: Rect) {
    let target = recording.targets[cursor.time]
    guard target >= 0 else { return }
    let isTask = recording.request.loss == .targets
    let wanted =
      isTask ? outputName(Int(target)) : recording.request.input.labels[cursor.time + 1]
    let next = Grid.visibleToken(wanted, glyphs: grid.medium.glyphs)
    let share = Double(recording.probabilities(time: cursor.time)[Int(target)])
    _ = grid.drawText(
      "\(isTask ? "right" : "next") is \"\(next)\": p = \(NumberText.text(share)), L = "
        + "-log \(NumberText.text(share)) = \(NumberText.text(recording.losses[cursor.time])) nats",
      x: rect.x + 2, y: rect.y, style: .plain, width: rect.width - 2)
  }
}
