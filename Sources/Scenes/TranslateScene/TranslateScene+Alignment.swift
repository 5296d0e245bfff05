internal import Canvas
internal import Debugger
internal import Equations
internal import Networks

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// The large heatmap: at which words each written word looked; on the way back the gradient of the
/// scores. Without attention, the one vector that has to hold the sentence.
extension TranslateScene {
  func drawAlignment(in grid: inout Grid, _ rect: Rect) {
    guard let map else {
      drawBottleneck(in: &grid, rect)
      return
    }
    let what = showsOwn ? "own words" : "source"
    let name = isBackward ? spelled("∂L/∂\(map.scoreName)", grid) : spelled(map.name, grid)
    var title = isBackward ? "\(name): gradient of the scores" : "\(name): who looks at what"
    if map.headCount > 1 { title = "\(name) of the \(what), \(headName(map))" }
    let trailing = translation.alignments.count > 1 ? "layer \(layer)" : ""
    let inner = grid.drawPanel(
      title: title, trailing: trailing, isFocused: focus == .alignment, in: rect)
    guard inner.height >= 5, inner.width >= 16 else { return }
    let plot = Rect(x: inner.x, y: inner.y, width: inner.width, height: inner.height - 1)
    let options = heatmapOptions(map, rows: plot.height, grid)
    let layout = grid.tokenHeatmapLayout(in: plot, options: options)
    places.matrix = layout
    grid.drawTokenHeatmap(layout, options: options) { row, column in
      self.shownValue(
        map, self.element(row, of: layout.rows, in: layout.pixelRows),
        self.element(column, of: layout.columns, in: layout.pixelColumns))
    }
    if showsMask { drawMask(map, layout, in: &grid) }
    drawLegend(
      map, options, layout, in: &grid,
      Rect(x: inner.x, y: inner.maxY - 1, width: inner.width, height: 1))
  }

  func headName(_ map: AlignmentMap) -> String {
    head.map { "head \($0) of \(map.headCount)" } ?? "mean of \(map.headCount) heads"
  }

  /// The first of the words that a pixel stands for.
  private func element(_ pixel: Int, of range: Range<Int>, in count: Int) -> Int {
    range.lowerBound + pixel * range.count / max(1, count)
  }

  private func heatmapOptions(
    _ map: AlignmentMap, rows: Int, _ grid: Grid
  ) -> TokenHeatmapOptions {
    let outputs = translation.outputWords.map { visible($0, grid) }
    let columns = (showsOwn ? inputWords : translation.sourceWords).map { visible($0, grid) }
    let written = session.writtenCount
    let current = cursor.part.isEncoder ? -1 : session.step
    let next = grid.medium.isUnicode ? "…" : "..."
    let isBackward = isBackward
    let showsOwn = showsOwn
    // Rows that do not fit are scrolled: a word is a line.
    let most = max(4, (rows - 4) * (grid.medium.hasHalfBlocks ? 2 : 1))
    let start = max(0, min(session.step - most / 2, map.rows - most))
    var options = TokenHeatmapOptions(
      map: isBackward ? .diverging : .magma,
      scale: isBackward ? gradientScale(map) : Normalization(lo: 0, hi: 1),
      rows: start..<min(map.rows, start + most), columns: 0..<map.columns,
      rowLabelWidth: outputs.map { grid.columns(of: $0) }.max() ?? 0,
      columnLabelWidth: columns.map { grid.columns(of: $0) }.max() ?? 0,
      rowLabel: { $0 < written ? outputs[$0] : $0 == current ? next : "" },
      columnLabel: { showsOwn && $0 > written ? "" : columns[$0] },
      number: {
        let isSmall = isBackward ? $0 == 0 : abs($0) < 0.05
        if isSmall { return "" }
        return isBackward ? NumberText.text(Double($0), digits: 1) : AttendScene.weightText($0)
      })
    if !cursor.part.isEncoder { options.cursorRow = session.step }
    options.cursorColumn = showsOwn ? nil : key
    options.rowName = "writes"
    options.columnName = showsOwn ? "wrote" : "reads"
    options.numberWidth = isBackward ? 6 : 3
    return options
  }

  /// What the decoder is given, in place of what it writes: the keys of its own words.
  private var inputWords: [String] {
    translation.output.indices.map { translator.target.word(translation.input(step: $0)) }
  }

  /// A weight, or a gradient; −∞, an empty cell, for what has not been computed or is hidden.
  func shownValue(_ map: AlignmentMap, _ row: Int, _ column: Int) -> Float {
    if map.isMasked(row: row, column: column) { return -.infinity }
    let part = showsOwn ? TranslationPart.decoder(layer) : attentionPart
    let position = TranslationPosition(
      pass: cursor.pass, part: part, time: row,
      equation: isBackward ? map.scoreEquation : map.equation)
    if isBackward {
      // What is not stepped has no gradient: nothing of the loss depends on it.
      let isStepped = session.timeline.index(of: position) != nil
      if isStepped, !session.isKnown(position) { return -.infinity }
      return map.gradient(head: head, row: row, column: column)
    }
    return session.isKnown(position) ? map.weight(head: head, row: row, column: column) : -.infinity
  }

  private func drawMask(_ map: AlignmentMap, _ layout: TokenHeatmapLayout, in grid: inout Grid) {
    let glyph: Unicode.Scalar = grid.medium.isUnicode ? "╳" : "x"
    for row in layout.rows {
      guard let y = layout.y(ofRow: row) else { continue }
      for column in layout.columns where map.isMasked(row: row, column: column) {
        guard let x = layout.x(ofColumn: column) else { continue }
        // Two rows in a cell: it is marked if both are hidden.
        if layout.isHalfRows, row % 2 == 0, row + 1 < map.rows,
          !map.isMasked(row: row + 1, column: column)
        {
          continue
        }
        grid.put(
          glyph, x: x + (layout.cellWidth - 1) / 2, y: y + (layout.rowHeight - 1) / 2,
          style: Style(.warning))
      }
    }
  }

  private func drawLegend(
    _ map: AlignmentMap, _ options: TokenHeatmapOptions, _ layout: TokenHeatmapLayout,
    in grid: inout Grid, _ rect: Rect
  ) {
    var notes: [String] = []
    if showsMask {
      notes.append(grid.medium.isUnicode ? "╳ M = -∞: hidden" : "x M = -inf: hidden")
    } else if isBackward {
      notes.append(
        lossWord.map { "loss of \"\(visible($0, grid))\"" } ?? "loss of all words")
    } else {
      notes.append("rows sum to 1")
    }
    if layout.rows.count < map.rows {
      notes.append("rows \(layout.rows.lowerBound)-\(layout.rows.upperBound - 1) of \(map.rows)")
    }
    if layout.columnBlock > 1 { notes.append("1 of \(layout.columnBlock) columns") }
    var text = notes.joined(separator: grid.medium.dot)
    let least = min(14, rect.width / 2)
    while notes.count > 1, grid.columns(of: text) + 2 + least > rect.width {
      notes.removeFirst()
      text = notes.joined(separator: grid.medium.dot)
    }
    let width = min(24, max(14, rect.width - grid.columns(of: text) - 2), rect.width / 2)
    grid.drawLegend(
      options.map, scale: options.scale,
      in: Rect(x: rect.x, y: rect.y, width: width, height: 1))
    _ = grid.drawText(
      text, x: rect.x + width + 2, y: rect.y, style: Style(.dim), width: rect.width - width - 2)
  }

  /// The scale of the gradient of the scores: of the whole matrix, so that it does not move while
  /// stepping.
  private func gradientScale(_ map: AlignmentMap) -> Normalization {
    var largest: Float = 0
    for row in 0..<map.rows {
      for column in 0..<map.columns {
        let size = abs(map.gradient(head: head, row: row, column: column))
        if size.isFinite { largest = max(largest, size) }
      }
    }
    return .symmetric(Self.rounded(Double(largest)))
  }

  /// A limit of a scale in two digits, rounded up.
  static func rounded(_ limit: Double) -> Double {
    guard limit > 0, limit.isFinite else { return limit }
    let digit = pow(10, log10(limit).rounded(.down) - 1)
    return (limit / digit).rounded(.up) * digit
  }

  // MARK: Without attention

  /// All that the decoder knows of the sentence.
  private func drawBottleneck(in grid: inout Grid, _ rect: Rect) {
    let inner = grid.drawPanel(
      title: "no attention: the bottleneck", isFocused: focus == .alignment, in: rect)
    guard inner.height >= 4 else { return }
    let size = translation.encoderStates.columns
    let text =
      "This model has no attention. What the decoder knows of the sentence is what the encoder ends "
      + "with: **\(size) numbers**, however long the sentence is. They become the decoder's first state."
    let used = grid.drawParagraph(
      text,
      in: Rect(x: inner.x + 1, y: inner.y, width: inner.width - 2, height: inner.height - 3),
      style: .plain)
    let values = isBackward ? lastGradients : lastStates
    let scale =
      isBackward
      ? Normalization.symmetric(Self.rounded(Double(values.map { abs($0) }.max() ?? 1)))
      : sourceScale
    let columns = max(1, min(inner.width - 6, 32))
    let rows = (size + columns - 1) / columns
    let area = Rect(
      x: inner.x + 1, y: inner.y + used + 1, width: inner.width - 2,
      height: max(1, inner.height - used - 3))
    var options = HeatmapOptions(map: .diverging, scale: scale)
    options.rowLabels = (0..<rows).map { String($0 * columns) }
    grid.drawHeatmap(rows: rows, columns: columns, in: area, options: options) { row, column in
      let index = row * columns + column
      return index < values.count ? values[index] : .nan
    }
    let name = isBackward ? "∂L/∂(last state)" : "last state"
    let room = inner.width - 3
    let texts = ["\(name), \(size) units", "\(name), \(size)", name].map { spelled($0, grid) }
    let note = texts.first { grid.columns(of: $0) + 16 <= room } ?? ""
    let legend = Rect(
      x: inner.x + 1, y: inner.maxY - 1, width: min(24, room - grid.columns(of: note)), height: 1)
    grid.drawLegend(.diverging, scale: scale, in: legend)
    _ = grid.drawText(
      note, x: legend.maxX + 2, y: legend.y, style: Style(.dim),
      width: inner.maxX - legend.maxX - 2)
  }

  /// Of a one-way encoder the state at the last word; of a two-way one both ends side by side.
  private var lastStates: [Float] { ends { translation.value($0, $1) } }

  private var lastGradients: [Float] { ends { translation.gradient($0, $1) } }

  private func ends(_ read: (TranslationPart, Int) -> ProgramValue?) -> [Float] {
    let count = translation.sourceIDs.count
    let top = translation.encoderLayers.last?.layer ?? 0
    return translation.encoderLayers.filter { $0.layer == top }.flatMap { id in
      let part = TranslationPart.encoder(id)
      let time = id.direction == .forward ? count - 1 : 0
      return read(part, translation.states(part)[0])?.row(time) ?? []
    }
  }
}
