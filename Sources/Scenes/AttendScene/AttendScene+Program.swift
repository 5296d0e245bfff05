internal import Canvas
internal import Debugger
internal import Equations

/// The program that ran, with its counter, and the numbers put in for the selected cell.
extension AttendScene {
  func drawProgram(in grid: inout Grid, _ rect: Rect) {
    let title: String
    switch place.part {
    case .embedding: title = "program: embedding"
    case .layer(let layer): title = "program: layer \(layer) of \(source.layerCount)"
    case .output: title = "program: output"
    }
    let inner = grid.drawPanel(
      title: title, trailing: similarityName, isFocused: focus == .program, in: rect)
    guard inner.height >= 3 else { return }
    let below = inner.height >= 14 ? 5 : inner.height >= 9 ? 3 : 2
    let count = source.lines(place.part).count
    let list = Rect(
      x: inner.x, y: inner.y, width: inner.width, height: min(count, inner.height - below))
    drawLines(in: &grid, list)
    drawNumbers(
      in: &grid,
      Rect(x: inner.x, y: list.maxY, width: inner.width, height: min(6, inner.maxY - list.maxY)))
  }

  private var similarityName: String { result.request.similarity?.rawValue ?? "" }

  private func drawLines(in grid: inout Grid, _ rect: Rect) {
    let lines = source.lines(place.part)
    let current = lines.firstIndex { $0.equation == place.equation } ?? 0
    let first = max(0, min(current - rect.height / 2, lines.count - rect.height))
    for (offset, line) in lines.dropFirst(first).prefix(rect.height).enumerated() {
      let y = rect.y + offset
      let isCurrent = line.equation == place.equation
      if isCurrent {
        _ = grid.drawText(
          grid.medium.isUnicode ? "▶" : ">", x: rect.x, y: y, style: Style(.accent, [.bold]),
          width: 1)
      }
      let shape = line.equation.flatMap { self.shape(ProgramPlace(place.part, $0)) } ?? ""
      let times = grid.medium.isUnicode ? shape : spelled(shape, grid)
      let width = grid.columns(of: times)
      _ = grid.drawSpans(
        spans(of: line, lines, grid), x: rect.x + 2, y: y, width: rect.width - 3 - width)
      _ = grid.drawText(
        times, x: rect.maxX - width, y: y, style: Style(.dim), width: width)
      if isCurrent {
        grid.restyle(rect.row(offset)) { style in
          style.background = .role(.selection)
          style.attributes.insert(.bold)
        }
      }
      if let equation = line.equation {
        places.lines.append((ProgramPlace(place.part, equation), y, rect.x..<rect.maxX))
      }
    }
  }

  /// "12×32", of one head.
  private func shape(_ place: ProgramPlace) -> String? {
    source.value(place).map { "\($0.rows)×\($0.columns)" }
  }

  /// The line with the names of values in their colours.
  private func spans(of line: ProgramLine, _ lines: [ProgramLine], _ grid: Grid) -> [TextSpan] {
    guard line.equation != nil else { return [TextSpan(spelled(line.code, grid), .dim)] }
    let names = lines.filter { $0.equation != nil }.map { spelled($0.name, grid) }
    return EquationText.spans(of: spelled(line.code, grid), names: names, inputs: ["X", "M"])
  }

  // MARK: Numbers

  /// The line's meaning, and the selected cell with its numbers.
  private func drawNumbers(in grid: inout Grid, _ rect: Rect) {
    let glyphs = grid.medium.glyphs
    var spans: [TextSpan] = []
    let line = source.line(place)
    if let value = source.value(place), let line {
      let column = value.isOverTokens ? key : min(column, value.columns - 1)
      let element = Double(value[head, query, column])
      spans.append(
        TextSpan("\(spelled(line.name, grid))[\(query),\(column)] = ", Style(.accent, [.bold])))
      let numbers = source.numbers(
        place, head: head, row: query, column: column,
        number: { NumberText.text($0, digits: 3, glyphs: glyphs) })
      for piece in numbers?.pieces ?? [] {
        spans.append(
          TextSpan(spelled(piece.text, grid), piece.source == nil ? Style(.dim) : .plain))
      }
      if numbers != nil { spans.append(TextSpan(" = ", .dim)) }
      spans.append(TextSpan(NumberText.text(element, glyphs: glyphs), Style(.text, [.bold])))
      if result.request.isChanged, let old = result.plain.source.value(place) {
        let former = Double(old[head, query, column])
        if former != element {
          spans.append(TextSpan(" (was \(NumberText.text(former, glyphs: glyphs)))", .ghost))
        }
      }
    }
    let area = Rect(x: rect.x + 1, y: rect.y, width: rect.width - 1, height: rect.height)
    if let note = line?.note, !note.isEmpty, rect.height >= 3 {
      _ = grid.drawText(
        spelled(note, grid), x: area.x, y: area.y, style: Style(.keyHint), width: area.width)
      _ = grid.drawParagraph(
        spans, in: Rect(x: area.x, y: area.y + 1, width: area.width, height: area.height - 1))
    } else {
      _ = grid.drawParagraph(spans, in: area)
    }
  }
}
