internal import Canvas
internal import Debugger
internal import Equations

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// The way back: how large the gradient is at every step of the decoder and every word of the encoder,
/// growing as backpropagation is stepped.
extension TranslateScene {
  func drawGradients(in grid: inout Grid, _ rect: Rect) {
    let symbol = grid.medium.isUnicode ? "‖∂L/∂state‖" : "|dL/dstate|"
    let loss =
      translation.lossStep.map { "loss of word \($0)" } ?? "loss of all words"
    let inner = grid.drawPanel(
      title: symbol, trailing: loss, isFocused: focus == .gradients, in: rect)
    guard inner.height >= 6, let range = path.range else { return }
    // Whole powers of ten; what is far below the largest has a number and no bar.
    let high = log10(range.upperBound).rounded(.up)
    let low = max(log10(range.lowerBound).rounded(.down), high - 6)
    let scale = Normalization(.logarithmic, lo: pow(10, low), hi: pow(10, high))
    let outputs = translation.lossStep.map { $0 + 1 } ?? session.stepCount
    let sources = translation.sourceIDs.count
    let room = inner.height - 3
    let decoderRows = min(outputs, max(room - sources, room / 2))
    let encoderRows = min(sources, room - decoderRows)
    let rows = inner.splitRows([.fixed(decoderRows + 1), .fixed(encoderRows + 1), .fixed(1)])
    let inputs = (0..<outputs).map {
      "\($0) \(visible(translator.target.word(translation.input(step: $0)), grid))"
    }
    draw(path.decoder, "decoder", labels: inputs, scale, in: &grid, rows[0])
    let words = translation.sourceWords.prefix(sources).map { visible($0, grid) }
    draw(path.encoder, "encoder", labels: words, scale, in: &grid, rows[1])
    let hidden =
      hiddenCount(path.decoder, labels: inputs, rows[0], grid)
      + hiddenCount(path.encoder, labels: words, rows[1], grid)
    let ends = [scale.lo, scale.hi].map { NumberText.tick($0, glyphs: grid.medium.glyphs) }
    var legend = "bars: \(ends[0]) to \(ends[1]), log scale"
    if hidden > 0 {
      legend = "\(ends[0]) to \(ends[1]), log\(grid.medium.dot)+\(hidden) column"
      legend += (hidden == 1 ? "" : "s") + (isZoomed ? "" : " (z)")
    }
    _ = grid.drawText(
      legend, x: inner.x + 1, y: inner.maxY - 1, style: Style(.dim), width: inner.width - 1)
  }

  /// How many curves there is no room for.
  private func hiddenCount(
    _ curves: [GradientPath.Curve], labels: [String], _ rect: Rect, _ grid: Grid
  ) -> Int {
    curves.count - shown(curves, width: rect.width - labelWidth(labels, grid)).count
  }

  private func labelWidth(_ labels: [String], _ grid: Grid) -> Int {
    min(12, max(8, labels.map { grid.columns(of: $0) }.max() ?? 0))
  }

  /// The curves that are shown beside each other: that of the cursor first, and what comes through
  /// attention.
  private func shown(_ curves: [GradientPath.Curve], width: Int) -> [GradientPath.Curve] {
    let most = max(1, width / 13)
    if curves.count <= most { return curves }
    var chosen = curves.filter { $0.isThroughAttention }
    if most == 1 { chosen = [] }
    // The layer next to the other half matters most; of the cursor's own layer all is shown.
    let own = curves.filter { $0.part == cursor.part && !$0.isThroughAttention }
    let last = curves.filter { !$0.isThroughAttention && $0.part != cursor.part }.reversed()
    let rest = (own + last).prefix(most - chosen.count)
    return curves.filter { curve in
      (Array(rest) + chosen).contains {
        $0.part == curve.part && $0.equation == curve.equation
          && $0.isThroughAttention == curve.isThroughAttention
      }
    }
  }

  private func draw(
    _ curves: [GradientPath.Curve], _ title: String, labels: [String], _ scale: Normalization,
    in grid: inout Grid, _ rect: Rect
  ) {
    let labelWidth = labelWidth(labels, grid)
    let curves = shown(curves, width: rect.width - labelWidth)
    _ = grid.drawText(
      title, x: rect.x, y: rect.y, style: Style(.accent, [.bold]), width: labelWidth)
    guard !curves.isEmpty, rect.height >= 2 else { return }
    let columns = Rect(
      x: rect.x + labelWidth + 1, y: rect.y, width: rect.width - labelWidth - 1, height: rect.height
    ).splitColumns(curves.map { _ in Length.flexible() }, gap: 1)
    let isEncoder = title == "encoder"
    // Words that do not fit are counted in the last row; a transformer's are all read at once.
    let isCut = labels.count > rect.height - 1 && rect.height > 2
    let room = rect.height - (isCut ? 2 : 1)
    let isOwn = cursor.part.isEncoder == isEncoder
    let current = isEncoder ? isOwn && translation.isRecurrent ? cursor.time : key : session.step
    let first = max(0, min(current - room / 2, labels.count - room))
    for (index, column) in columns.enumerated() {
      let name = spelled(curves[index].name, grid)
      let isLong = curves[index].isThroughAttention && grid.columns(of: name) > column.width
      _ = grid.drawText(
        isLong ? "attention" : name, x: column.x, y: column.y,
        style: Style(.series(index), on: .default, .bold), width: column.width)
    }
    for (offset, time) in (first..<min(labels.count, first + room)).enumerated() {
      let y = rect.y + 1 + offset
      let isHere = isOwn && time == current
      _ = grid.drawText(
        labels[time], x: rect.x, y: y,
        style: isHere ? Style(.cursor, on: .default, .bold) : .plain, width: labelWidth)
      for (index, column) in columns.enumerated() {
        draw(curves[index], time, scale, series: index, in: &grid, column, y: y)
      }
      let part = curves[0].part
      places.gradients.append(
        (
          TranslationPosition(
            pass: .backward, part: part,
            time: isEncoder && !translation.isRecurrent ? 0 : time, equation: curves[0].equation),
          y, rect.x..<rect.maxX
        ))
    }
    guard isCut else { return }
    let dots = grid.medium.isUnicode ? "…" : "..."
    _ = grid.drawText(
      "\(dots) \(labels.count - room) more" + (isZoomed ? "" : " (z zooms)"), x: rect.x,
      y: rect.maxY - 1, style: Style(.accent), width: rect.width)
  }

  private func draw(
    _ curve: GradientPath.Curve, _ time: Int, _ scale: Normalization, series: Int,
    in grid: inout Grid, _ rect: Rect, y: Int
  ) {
    let position = TranslationPosition(
      pass: .backward, part: curve.part,
      time: curve.part.isEncoder && !translation.isRecurrent ? 0 : time, equation: curve.equation)
    if !curve.part.isEncoder, translation.targets[time] < 0 {
      _ = grid.drawText("no target", x: rect.x, y: y, style: Style(.dim), width: rect.width)
      return
    }
    guard isReached(position, curve) else {
      _ = grid.drawText(
        grid.medium.isUnicode ? "·" : ".", x: rect.x, y: y, style: Style(.dim), width: 1)
      return
    }
    var options = BarOptions(scale: scale)
    options.valueWidth = rect.width >= 16 ? 7 : 6
    options.labelWidth = 0
    grid.drawBars(
      [Bar("", Float(curve.norms[time]), paint: .role(.series(series)))],
      in: Rect(x: rect.x, y: y, width: rect.width, height: 1), options: options)
  }

  /// Whether backpropagation has come to a state. What reaches the encoder through attention is known
  /// once attention is behind; later words have no part in the loss.
  private func isReached(_ position: TranslationPosition, _ curve: GradientPath.Curve) -> Bool {
    guard curve.isThroughAttention else {
      return session.timeline.index(of: position) == nil || session.isKnown(position)
    }
    return session.isKnown(
      TranslationPosition(
        pass: .backward, part: .attention, time: translation.lossStep ?? 0, equation: 0))
  }
}
