internal import Canvas
internal import Debugger
internal import Equations
internal import Networks

/// The program of a step with its counter, and the numbers of one unit put in.
extension TranslateScene {
  /// The parts that are run in the step under the cursor.
  private var shownParts: [TranslationPart] {
    guard case .encoder(let id) = cursor.part else { return translation.parts }
    let all = translation.encoderLayers
    return all.contains { $0.direction == .reverse }
      ? [.encoder(id)] : all.map { TranslationPart.encoder($0) }
  }

  private struct ShownLine {
    let part: TranslationPart
    let line: ProgramLine?
    let heading: String
  }

  private func programLines(_ grid: Grid?) -> [ShownLine] {
    shownParts.flatMap { part in
      // Declarations compute nothing; `each head:` says what stands below it.
      let lines = translation.lines(part).filter { $0.equation != nil || $0.code.hasSuffix(":") }
      return [ShownLine(part: part, line: nil, heading: heading(part, grid))]
        + lines.map { ShownLine(part: part, line: $0, heading: "") }
    }
  }

  var programLineCount: Int { programLines(nil).count }

  private func heading(_ part: TranslationPart, _ grid: Grid?) -> String {
    let name =
      translation.cell(of: part)?.name ?? translation.block(of: part)?.plan.block.name ?? ""
    switch part {
    case .encoder(let id):
      let direction =
        id.direction == .forward ? "" : grid?.medium.isUnicode ?? true ? " ←" : " reverse"
      return "encoder \(id.layer)\(direction): \(name)"
    case .decoder(let layer): return "decoder \(layer): \(name)"
    case .attention: return "attention: \(name)"
    case .output: return "output layer"
    }
  }

  func drawProgram(in grid: inout Grid, _ rect: Rect) {
    let title = isBackward ? "program, backwards" : "program"
    // The mean of the heads has no values of its own: those of the first stand there.
    let hasHeads = translation.alignments.contains { $0.headCount > 1 }
    let what = "unit \(unit)" + (hasHeads ? ", head \(head ?? 0)" : "")
    let long = (isBackward ? "gradient of " : "value of ") + what
    let trailing = title.count + long.count + 9 <= rect.width ? long : what
    let inner = grid.drawPanel(
      title: title, trailing: trailing, isFocused: focus == .program, in: rect)
    guard inner.height >= 3 else { return }
    let below = inner.height >= 8 ? 3 : 2
    let lines = programLines(grid)
    let list = Rect(
      x: inner.x, y: inner.y, width: inner.width, height: min(lines.count, inner.height - below))
    draw(lines, in: &grid, list)
    drawNumbers(
      in: &grid,
      Rect(x: inner.x, y: list.maxY, width: inner.width, height: inner.maxY - list.maxY))
  }

  /// Whether a line gives the weights of the selected layer.
  private func isWeights(_ line: ShownLine) -> Bool {
    translation.alignments.indices.contains(layer) && line.part == attentionPart
      && line.line?.equation == translation.alignments[layer].equation
  }

  private func draw(_ lines: [ShownLine], in grid: inout Grid, _ rect: Rect) {
    let current =
      lines.firstIndex { $0.part == cursor.part && $0.line?.equation == cursor.equation } ?? 0
    // A layer that was selected is shown though the cursor is elsewhere: from its heading where the
    // weights are in sight then.
    var wanted = current - rect.height / 2
    if layerPlace == cursor, cursor.part == .output,
      let weights = lines.firstIndex(where: { isWeights($0) })
    {
      let heading = lines.firstIndex { $0.part == attentionPart } ?? 0
      wanted = weights - heading < rect.height ? heading : weights - rect.height / 2
    }
    let first = max(0, min(wanted, lines.count - rect.height))
    for (offset, line) in lines.dropFirst(first).prefix(rect.height).enumerated() {
      let y = rect.y + offset
      guard let code = line.line else {
        _ = grid.drawText(
          line.heading, x: rect.x + 1, y: y, style: Style(.accent, [.bold]), width: rect.width - 1)
        continue
      }
      let isCurrent = first + offset == current
      if isCurrent {
        let arrow = grid.medium.isUnicode ? isBackward ? "◀" : "▶" : isBackward ? "<" : ">"
        _ = grid.drawText(arrow, x: rect.x, y: y, style: Style(.accent, [.bold]), width: 1)
      }
      let valueWidth = 8
      let spans = spans(of: code, lines, grid)
      let room = rect.width - 3 - valueWidth
      _ = grid.drawSpans(spans, x: rect.x + 2, y: y, width: room)
      if spans.reduce(0, { $0 + grid.columns(of: $1.text) }) > room {
        _ = grid.drawText(
          grid.medium.isUnicode ? "…" : ">", x: rect.x + 1 + room, y: y,
          style: Style(.accent, [.bold]), width: 1)
      }
      if let equation = code.equation {
        drawValue(line.part, equation, in: &grid, x: rect.maxX - valueWidth, y: y, valueWidth)
        places.lines.append(
          (
            TranslationPosition(
              pass: cursor.pass, part: line.part, time: cursor.time, equation: equation), y,
            rect.x..<rect.maxX
          ))
      }
      if isCurrent {
        grid.restyle(rect.row(offset)) { style in
          style.background = .role(.selection)
          style.attributes.insert(.bold)
        }
      }
    }
  }

  /// The column of a value that is read off: a unit, a word of the source, a word of the vocabulary.
  func column(_ part: TranslationPart, _ equation: Int) -> Int {
    let value = translation.value(part, equation)
    if part == .output {
      return equation == OutputEquation.loss.rawValue ? 0 : Int(translation.output[cursor.time])
    }
    return min(value.isOverTokens ? key : unit, value.columns - 1)
  }

  /// Whether an equation is a loss for which the reference has no word.
  private func isWithoutTarget(_ part: TranslationPart, _ equation: Int) -> Bool {
    part == .output && equation == OutputEquation.loss.rawValue
      && translation.targets[cursor.time] < 0
  }

  private func drawValue(
    _ part: TranslationPart, _ equation: Int, in grid: inout Grid, x: Int, y: Int, _ width: Int
  ) {
    guard session.isKnown(part, equation, time: cursor.time), !isWithoutTarget(part, equation)
    else { return }
    let value =
      isBackward ? translation.gradient(part, equation) : translation.value(part, equation)
    let column = column(part, equation)
    guard let value, cursor.time < value.rows, column < value.columns else { return }
    let element = value[head ?? 0, cursor.time, column]
    _ = grid.drawText(
      NumberText.text(Double(element), width: width, glyphs: grid.medium.glyphs), x: x, y: y,
      style: Style(.text, [.bold]), width: width, alignment: .right)
  }

  /// The line with the names of values in their colours.
  private func spans(of line: ProgramLine, _ lines: [ShownLine], _ grid: Grid) -> [TextSpan] {
    guard line.equation != nil else { return [TextSpan(spelled(line.code, grid), .dim)] }
    let names = lines.compactMap { $0.line?.equation == nil ? nil : $0.line?.name }
    return EquationText.spans(
      of: spelled(line.code, grid), names: names.map { spelled($0, grid) },
      inputs: ["x", "X", "E", "M"])
  }

  // MARK: Numbers

  /// The line's meaning, and the selected element with its numbers.
  private func drawNumbers(in grid: inout Grid, _ rect: Rect) {
    let glyphs = grid.medium.glyphs
    guard let line = translation.line(cursor.part, cursor.equation), rect.height > 0 else { return }
    let column = column(cursor.part, cursor.equation)
    let value = translation.value(cursor.part, cursor.equation)
    guard cursor.time < value.rows, column < value.columns else { return }
    var spans = [
      TextSpan(
        "\(spelled(line.name, grid))[\(label(column, value, grid))] = ",
        Style(.accent, [.bold]))
    ]
    if isWithoutTarget(cursor.part, cursor.equation) {
      let area = Rect(x: rect.x + 1, y: rect.y, width: rect.width - 1, height: rect.height)
      _ = grid.drawParagraph(
        "no target: the reference ends before this word", in: area, style: .plain)
      return
    }
    // Large powers keep their digits: their quotient is close to 1.
    let numbers = translation.numbers(
      cursor.part, cursor.equation, head: head ?? 0, row: cursor.time, column: column
    ) { NumberText.text($0, digits: abs($0) < 10_000 ? 3 : 4, glyphs: glyphs) }
    for piece in numbers?.pieces ?? [] {
      spans.append(TextSpan(spelled(piece.text, grid), piece.source == nil ? Style(.dim) : .plain))
    }
    if numbers != nil { spans.append(TextSpan(" = ", .dim)) }
    spans.append(
      TextSpan(
        NumberText.text(Double(value[head ?? 0, cursor.time, column]), glyphs: glyphs),
        Style(.text, [.bold])))
    if isBackward, let gradient = translation.gradient(cursor.part, cursor.equation),
      column < gradient.columns
    {
      let number = NumberText.text(Double(gradient[head ?? 0, cursor.time, column]), glyphs: glyphs)
      spans.append(TextSpan(spelled("  ∂L/∂\(line.name) = \(number)", grid), .accent))
    }
    var area = Rect(x: rect.x + 1, y: rect.y, width: rect.width - 1, height: rect.height)
    if !line.note.isEmpty, rect.height >= 3 {
      _ = grid.drawText(
        spelled(line.note, grid), x: area.x, y: area.y, style: Style(.keyHint), width: area.width)
      area = Rect(x: area.x, y: area.y + 1, width: area.width, height: area.height - 1)
    }
    _ = grid.drawParagraph(spans, in: area)
  }

  /// What a column stands for: `17`, or a word.
  private func label(_ column: Int, _ value: ProgramValue, _ grid: Grid) -> String {
    if cursor.part == .output {
      return cursor.equation == OutputEquation.loss.rawValue
        ? visible(translator.target.word(translation.targets[cursor.time]), grid)
        : visible(translator.target.word(Int32(column)), grid)
    }
    guard value.isOverTokens else { return String(column) }
    guard value.columns == translation.sourceWords.count, !cursor.part.isEncoder else {
      return String(column)
    }
    return visible(translation.sourceWords[column], grid)
  }
}
