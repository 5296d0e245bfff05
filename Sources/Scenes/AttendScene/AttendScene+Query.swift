internal import Canvas
internal import Debugger

/// What the selected word looks at: as bars, or as ribbons from the word to the tokens.
extension AttendScene {
  func drawQuery(in grid: inout Grid, _ rect: Rect) {
    let word = Grid.visibleToken(tokens[query].label, glyphs: grid.medium.glyphs)
    let weights = shownWeights(result.shown, query: query)
    let inner = grid.drawPanel(
      title: "\"\(word)\" looks at",
      trailing: view == .head ? "head \(layer).\(head)" : view.rawValue,
      isFocused: focus == .query, in: rect)
    guard inner.height > 0 else { return }
    // Ribbons of a few tokens only say less than bars of the largest weights.
    let isLow = inner.height < min(8, weights.count)
    if queryStyle == .bars || inner.width < 24 || isLow {
      drawWeightBars(weights, of: result.shown, in: &grid, inner, marked: key)
    } else {
      drawRibbons(weights, in: &grid, inner)
    }
  }

  /// One bar per key: all in the order of the text, or the largest where there is no room for all.
  func drawWeightBars(
    _ weights: [(key: Int, weight: Float)], of analysis: AttentionAnalysis, in grid: inout Grid,
    _ rect: Rect, marked: Int?
  ) {
    var shown = weights
    if weights.count > rect.height {
      shown = Array(
        weights.sorted { ($0.weight, $1.key) > ($1.weight, $0.key) }.prefix(rect.height))
    }
    let tokens = analysis.source.tokens
    let bars = shown.map { key, weight in
      Bar(
        "\(key) \(Grid.visibleToken(tokens[key].label, glyphs: grid.medium.glyphs))", weight,
        paint: .role(tokens[key].isSpecial ? .dim : .accent), isHighlighted: key == marked)
    }
    var area = rect
    let before =
      result.request.isChanged && analysis === result.shown
      ? shownWeights(result.plain, query: query) : []
    if !before.isEmpty, rect.width >= 30 { area.width -= 6 }
    var options = BarOptions()
    options.valueWidth = 5
    grid.drawBars(bars, in: area, options: options)
    for (line, bar) in shown.enumerated() {
      if analysis === result.shown {
        places.keys.append((bar.key, rect.y + line, rect.x..<rect.maxX))
      }
      guard area.width < rect.width, let old = before.first(where: { $0.key == bar.key }) else {
        continue
      }
      drawChange(bar.weight - old.weight, in: &grid, x: area.maxX, y: rect.y + line)
    }
  }

  private func drawChange(_ change: Float, in grid: inout Grid, x: Int, y: Int) {
    let text = Self.weightText(abs(change))
    guard !text.isEmpty else { return }
    _ = grid.drawText(
      (change < 0 ? "-" : "+") + text, x: x, y: y,
      style: Style(change < 0 ? .negative : .positive, [.bold]), width: 6, alignment: .right)
  }

  // MARK: Ribbons

  private func drawRibbons(
    _ weights: [(key: Int, weight: Float)], in grid: inout Grid, _ rect: Rect
  ) {
    let labels = weights.map {
      Grid.visibleToken(tokens[$0.key].label, glyphs: grid.medium.glyphs)
    }
    let place = weights.firstIndex { $0.key == query } ?? 0
    let step = max(1, min(3, rect.height / max(1, weights.count)))
    let room = max(1, rect.height / step)
    let first = max(0, min(place - room / 2, weights.count - room))
    let shown = first..<min(weights.count, first + room)
    let top = rect.y + max(0, (rect.height - shown.count * step) / 2)
    func y(_ index: Int) -> Int { top + (index - first) * step }
    let longest = labels.map { grid.columns(of: $0) }.max() ?? 0
    let width = min(longest, max(4, rect.width / 4))
    let numbers = 4
    let right = rect.maxX - width - numbers - 1
    let band = Rect(
      x: rect.x + width + 2, y: rect.y, width: right - rect.x - width - 3, height: rect.height)
    drawBands(weights, in: &grid, band, shown) { y($0) - rect.y }
    for index in shown {
      let isQuery = weights[index].key == query
      let isKey = weights[index].key == key
      _ = grid.drawText(
        labels[index], x: rect.x, y: y(index),
        style: isQuery ? Style(.cursor, [.bold]) : Style(.dim), width: width, alignment: .right)
      if isQuery {
        _ = grid.drawText(
          grid.medium.isUnicode ? "▸" : ">", x: rect.x + width, y: y(index),
          style: Style(.cursor, [.bold]), width: 1)
      }
      let weight = weights[index].weight
      let style =
        isKey ? Style(.cursor, [.bold]) : weight >= 0.1 ? Style(.text, [.bold]) : Style(.dim)
      _ = grid.drawText(labels[index], x: right, y: y(index), style: style, width: width)
      _ = grid.drawText(
        Self.weightText(weight), x: rect.maxX - numbers, y: y(index), style: style, width: numbers,
        alignment: .right)
      places.keys.append((weights[index].key, y(index), right..<rect.maxX))
      places.tokens.append(
        (weights[index].key, rect.x..<rect.x + width + 1, y(index)..<y(index) + 1))
    }
    drawOutside(weights, shown, in: &grid, rect, x: right)
  }

  private func drawBands(
    _ weights: [(key: Int, weight: Float)], in grid: inout Grid, _ rect: Rect,
    _ shown: Range<Int>, row: (Int) -> Int
  ) {
    let least: Float = 0.02
    var ribbons: [Ribbon] = []
    if queryStyle == .allRibbons {
      for index in shown where weights[index].key != query {
        let others = shownWeights(result.shown, query: weights[index].key)
        for other in others.indices where others[other].weight >= 0.05 {
          ribbons.append(
            Ribbon(from: row(index), to: row(other), weight: others[other].weight, isQuiet: true))
        }
      }
    }
    guard let from = weights.firstIndex(where: { $0.key == query }) else { return }
    for index in weights.indices where weights[index].weight >= least {
      // To tokens out of sight ribbons leave at the corner.
      let to = min(max(row(index), -2), rect.height + 1)
      ribbons.append(Ribbon(from: row(from), to: to, weight: weights[index].weight))
    }
    grid.drawRibbons(ribbons, in: rect)
  }

  /// What goes to tokens that are scrolled out of sight.
  private func drawOutside(
    _ weights: [(key: Int, weight: Float)], _ shown: Range<Int>, in grid: inout Grid, _ rect: Rect,
    x: Int
  ) {
    func sum(_ range: Range<Int>) -> Float { range.reduce(0) { $0 + weights[$1].weight } }
    let arrows = grid.medium.isUnicode ? ("↑", "↓") : ("^", "v")
    for (range, y, arrow) in [
      (0..<shown.lowerBound, rect.y, arrows.0),
      (shown.upperBound..<weights.count, rect.maxY - 1, arrows.1),
    ] where !range.isEmpty {
      let text = "\(arrow)\(range.count) more: \(NumberText.text(Double(sum(range)), digits: 2)) "
      let width = grid.columns(of: text)
      _ = grid.drawText(
        text, x: max(rect.x, x - width), y: y, style: Style(.accent), width: width)
    }
  }

  // MARK: Predictions

  func drawPredictions(in grid: inout Grid, _ rect: Rect) {
    let glyphs = grid.medium.glyphs
    let word = Grid.visibleToken(tokens[query].label, glyphs: glyphs)
    let title = source.isCausal ? "after \"\(word)\"" : "in place of \"\(word)\""
    let inner = grid.drawPanel(
      title: title, trailing: "probability", isFocused: focus == .predictions, in: rect)
    guard inner.height > 0 else { return }
    let best = source.predictions(at: query, count: inner.height)
    let next = source.isCausal && query + 1 < tokens.count ? tokens[query + 1].label : nil
    let before =
      result.request.isChanged
      ? result.plain.source.predictions(at: query, count: 4 * inner.height) : []
    var area = inner
    if !before.isEmpty, inner.width >= 30 { area.width -= 6 }
    let bars = best.map { prediction in
      let isNext = prediction.label == next
      return Bar(
        (isNext ? "*" : " ") + Grid.visibleToken(prediction.label, glyphs: glyphs),
        prediction.probability, paint: .role(isNext ? .positive : .accent), isHighlighted: isNext)
    }
    var options = BarOptions()
    options.valueWidth = 5
    grid.drawBars(bars, in: area, options: options)
    for (line, prediction) in best.enumerated() where area.width < inner.width {
      guard let old = before.first(where: { $0.id == prediction.id }) else { continue }
      drawChange(
        prediction.probability - old.probability, in: &grid, x: area.maxX, y: inner.y + line)
    }
  }
}
