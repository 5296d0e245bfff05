internal import Canvas
internal import Debugger
internal import Equations
internal import Networks

/// What comes of it: on the way forward the prediction and the loss, on the way back the norm of
/// the gradient over time.
extension StepScene {
  func drawOutcome(in grid: inout Grid, _ rect: Rect) {
    if cursor.pass == .backward {
      drawGradientNorms(in: &grid, rect)
      return
    }
    guard !recording.targets.isEmpty else {
      let isTask = recording.request.loss == .targets
      drawLosses(in: &grid, rect, title: isTask ? "squared error per step" : "½‖y‖² per step")
      return
    }
    if rect.height >= 13 {
      let rows = rect.splitRows([.flexible(), .flexible()])
      drawPrediction(in: &grid, rows[0])
      drawLosses(in: &grid, rows[1], title: "loss per step, nats")
    } else if rect.width >= 100 {
      let columns = rect.splitColumns([.flexible(), .flexible()], gap: 1)
      drawPrediction(in: &grid, columns[0])
      drawLosses(in: &grid, columns[1], title: "loss per step, nats")
    } else {
      drawPrediction(in: &grid, rect)
    }
  }

  /// The name of an output: a class, or the token that comes next.
  func outputName(_ id: Int) -> String {
    if let classes = recording.answers?.classes, classes.indices.contains(id) { return classes[id] }
    return vocabulary.map { $0.tokens[id] } ?? String(id)
  }

  private func drawPrediction(in grid: inout Grid, _ rect: Rect) {
    var rect = rect
    if recording.picture != nil, rect.width >= 44 {
      let columns = rect.splitColumns([.flexible(), .fixed(18)])
      drawPicture(in: &grid, columns[1], title: "picture")
      rect = columns[0]
    }
    if let companion = recording.answers?.companion, rect.width >= 40 {
      let columns = rect.splitColumns([.flexible(), .flexible()])
      drawCompanion(companion.name, in: &grid, columns[1])
      rect = columns[0]
    }
    if let classes = recording.answers?.classes, classes.count == 2 {
      drawAnswers(classes[1], in: &grid, rect)
      return
    }
    let probabilities = recording.probabilities(time: cursor.time)
    let target = recording.targets[cursor.time]
    let isTask = recording.request.loss == .targets
    let glyphs = grid.medium.glyphs
    let trailing =
      target >= 0
      ? "loss \(NumberText.text(recording.losses[cursor.time])) nats"
      : isTask
        ? "nothing is asked here"
        : cursor.time == recording.seqLen - 1 ? "last token" : "next token unknown"
    let inner = grid.drawPanel(
      title: isTask ? "answer, probability" : "next token, probability", trailing: trailing,
      isFocused: focus == .prediction, in: rect)
    var best = probabilities.indices.sorted { probabilities[$0] > probabilities[$1] }
      .prefix(max(0, inner.height))
    // The right token is always among the bars.
    if target >= 0, !best.contains(Int(target)), !best.isEmpty {
      best[best.endIndex - 1] = Int(target)
    }
    let bars = best.map { id in
      let token = outputName(id)
      let isTarget = id == Int(target)
      return Bar(
        "\(isTarget ? "*" : " ")\(Grid.visibleToken(token, glyphs: glyphs))", probabilities[id],
        paint: .role(isTarget ? .positive : .accent),
        isHighlighted: isTarget)
    }
    grid.drawBars(Array(bars), in: inner, options: BarOptions(scale: Normalization(lo: 0, hi: 1)))
  }

  /// Of two classes the probability of the second, after each word up to the cursor.
  private func drawAnswers(_ name: String, in grid: inout Grid, _ rect: Rect) {
    let target = recording.targets[cursor.time]
    let trailing =
      target >= 0
      ? "right: \(outputName(Int(target))), loss \(NumberText.text(recording.losses[cursor.time]))"
      : ""
    let inner = grid.drawPanel(
      title: "P(\(name)) after each word", trailing: trailing, isFocused: focus == .prediction,
      in: rect)
    let first = max(0, cursor.time + 1 - inner.height)
    let bars = (first...cursor.time).map { time in
      let share = recording.probabilities(time: time)[1]
      let label = Grid.visibleToken(
        recording.request.input.labels[time], glyphs: grid.medium.glyphs)
      return Bar(
        label, share, paint: .role(share >= 0.5 ? .positive : .accent),
        isHighlighted: time == cursor.time)
    }
    grid.drawBars(bars, in: inner, options: BarOptions(scale: Normalization(lo: 0, hi: 1)))
  }

  /// What the network for comparison answers at this step.
  private func drawCompanion(_ name: String, in grid: inout Grid, _ rect: Rect) {
    let probabilities = recording.companionProbabilities(time: cursor.time)
    let target = Int(recording.targets[cursor.time])
    let inner = grid.drawPanel(title: name, in: rect)
    let best = probabilities.indices.sorted { probabilities[$0] > probabilities[$1] }
    let bars = best.prefix(max(0, inner.height)).map { id in
      Bar(
        "\(id == target ? "*" : " ")\(outputName(id))", probabilities[id],
        paint: .role(id == target ? .positive : .accent), isHighlighted: id == target)
    }
    grid.drawBars(Array(bars), in: inner, options: BarOptions(scale: Normalization(lo: 0, hi: 1)))
  }

  /// The picture that the first step was given.
  private func drawPicture(in grid: inout Grid, _ rect: Rect, title: String) {
    guard let picture = recording.picture, let shape = recording.answers?.picture else { return }
    let inner = grid.drawPanel(title: title, in: rect)
    var options = HeatmapOptions(map: .grey, scale: Normalization(lo: 0, hi: 1))
    options.showsAxes = false
    options.isSquare = true
    options.maxZoomX = 2
    options.maxZoomY = 2
    grid.drawHeatmap(
      picture, rows: shape.rows, columns: shape.columns, in: inner, options: options)
  }

  private func drawLosses(in grid: inout Grid, _ rect: Rect, title: String) {
    let inner = grid.drawPanel(
      title: title, trailing: recording.meanLoss.map { "mean \(NumberText.text($0))" } ?? "",
      in: rect)
    let losses = recording.losses.enumerated().map { time, loss in
      recording.targets.isEmpty || recording.targets[time] >= 0 ? Float(loss) : .nan
    }
    let highest = losses.filter { $0.isFinite }.max() ?? 1
    var options = LinePlotOptions(yScale: Normalization(lo: 0, hi: Double(max(highest, 1e-6))))
    options.cursorX = Double(cursor.time)
    options.showsLegend = false
    var series = [PlotSeries("loss", losses, paint: .role(.series(0)))]
    if let original = session.original {
      series.append(
        PlotSeries(
          "original", original.losses.map { Float($0) }, paint: .role(.ghost)))
    }
    grid.drawLinePlot(series, in: inner, options: options)
  }

  private func gradientNorms(_ id: LayerID, _ equation: Int) -> [Float] {
    if let known = gradientNorms[.layer(id)]?[equation] { return known }
    let norms = recording.gradientNorms(id, equation).map { Float($0) }
    gradientNorms[.layer(id), default: [:]][equation] = norms
    return norms
  }

  private func drawGradientNorms(in grid: inout Grid, _ rect: Rect) {
    let id = session.layer
    let symbol = grid.medium.isUnicode ? "‖∂L/∂" : "|dL/d"
    let states = recording.cell.states.compactMap { recording.cell.equationIndex(of: $0) }
    let inner = grid.drawPanel(
      title:
        "\(symbol)\(spelled(recording.cell.output.text, grid.medium.glyphs))\(grid.medium.isUnicode ? "‖" : "|") at each step, log scale",
      trailing: "layer \(id.layer)", isFocused: focus == .prediction, in: rect)
    let timeline = session.timeline
    let here = timeline.index(of: cursor)
    var series: [PlotSeries] = []
    var lowest = Float.infinity
    var highest: Float = 0
    for equation in states {
      var norms = gradientNorms(id, equation)
      for time in norms.indices {
        let norm = norms[time]
        if norm > 0 && norm.isFinite {
          lowest = min(lowest, norm)
          highest = max(highest, norm)
        }
        // The way back has not come there yet.
        let position = Position(pass: .backward, part: .layer(id), time: time, equation: equation)
        if timeline.index(of: position) > here { norms[time] = .nan }
      }
      series.append(
        PlotSeries(
          spelled(equations[equation].name.text, grid.medium.glyphs), norms,
          paint: paint(ofEquation: equation)))
    }
    let range = highest > 0 ? lowest...highest : 1e-6...1
    var options = LinePlotOptions(
      yScale: Normalization(
        .logarithmic, lo: Double(range.lowerBound), hi: Double(range.upperBound)))
    options.xRange = 0...Double(max(1, recording.seqLen - 1))
    options.cursorX = Double(cursor.time)
    grid.drawLinePlot(series, in: inner, options: options)
  }
}
