internal import Canvas
internal import Learning

/// Curves over updates and over time, all lanes over each other or the difference of two.
extension CompareScene {
  enum Curve {
    case loss
    case accuracy
  }

  // MARK: Over updates

  func drawCurve(_ curve: Curve, in grid: inout Grid, _ rect: Rect) {
    guard let snapshot, let task = snapshot.lanes.first?.task else { return }
    let name = curve == .loss ? "loss" : "accuracy"
    let glyphs = grid.medium.glyphs
    var series: [PlotSeries]
    var options: LinePlotOptions
    let trailing: String
    if let pair {
      let difference = LaneDifference(
        history(curve, snapshot.lanes[pair.first]), history(curve, snapshot.lanes[pair.second]))
      series = [
        PlotSeries(
          name, difference.values, paint: .role(.accent), firstX: difference.firstX,
          stepX: difference.stepX)
      ]
      options = LinePlotOptions(
        yScale: LabCurves.symmetricScale(difference.values.map(Double.init)))
      options.references = [PlotReference(0, "equal")]
      trailing = "lane \(tag(pair.second)) less lane \(tag(pair.first))"
    } else {
      series = snapshot.lanes.enumerated().map { index, lane in
        LabCurves.series(tag(index), history(curve, lane), paint: .role(.series(index)))
      }
      if curve == .loss {
        let least = series.flatMap(\.values).map(Double.init)
        options = LinePlotOptions(
          yScale: LabCurves.logScale(least + [task.memorylessLoss], within: 1e-6...1e12))
        options.references = [PlotReference(task.memorylessLoss, "no memory")]
        trailing =
          "no memory \(NumberText.text(task.memorylessLoss, glyphs: glyphs))"
          + (task.loss == .crossEntropy ? " nats" : "") + ", log"
      } else {
        options = LinePlotOptions(yScale: Normalization(lo: 0, hi: 1))
        options.references = [PlotReference(task.chance, "chance")]
        trailing = "chance \(LabFigure.percent(task.chance))"
      }
    }
    options.xTitle = "update"
    options.xRange = 1...Double(max(2, snapshot.updateCount))
    let inner = grid.drawPanel(
      title: name, trailing: trailing, isFocused: focus == .curves, in: rect)
    drawPlot(series, in: &grid, inner, options: options)
    places.panels.append((.curves, rect))
    if snapshot.updateCount == 0 {
      grid.drawText(
        "before the first update", x: inner.x, y: inner.y + inner.height / 3, style: Style(.dim),
        width: inner.width, alignment: .centre)
    }
  }

  private func history(_ curve: Curve, _ lane: LaneSnapshot) -> DecimatedHistory {
    curve == .loss ? lane.lossHistory : lane.accuracyHistory
  }

  // MARK: Over time

  /// ‖∂L/∂h_t‖ with the loss of the last step alone: the newest that is known.
  func gradientNorms(_ lane: LaneSnapshot) -> [Double] {
    lane.verdict?.probe.gradientNorms ?? lane.recent.last?.gradientNorms ?? []
  }

  /// From the last step to the first, as gradients travel.
  func drawNorms(in grid: inout Grid, _ rect: Rect) {
    guard let snapshot else { return }
    let isUnicode = grid.medium.isUnicode
    var series: [PlotSeries]
    var options: LinePlotOptions
    let trailing: String
    if let pair {
      let first = gradientNorms(snapshot.lanes[pair.first])
      let second = gradientNorms(snapshot.lanes[pair.second])
      let factors = zip(first, second).map { $0 > 0 ? $1 / $0 : .nan }
      series = [PlotSeries("", factors.map(Float.init), paint: .role(.accent))]
      options = LinePlotOptions(yScale: LabCurves.logScale(factors + [1]))
      options.references = [PlotReference(1, "equal")]
      trailing = "lane \(tag(pair.second)) / lane \(tag(pair.first)), log"
    } else {
      series = snapshot.lanes.enumerated().map { index, lane in
        PlotSeries(
          tag(index), gradientNorms(lane).map(Float.init), paint: .role(.series(index)))
      }
      options = LinePlotOptions(
        yScale: LabCurves.logScale(snapshot.lanes.flatMap(gradientNorms)))
      trailing = "from the last step back, log"
    }
    options.isXReversed = true
    options.xTitle = "t"
    let inner = grid.drawPanel(
      title: isUnicode ? "‖∂L/∂h_t‖" : "|dL/dh_t|", trailing: trailing, isFocused: focus == .norms,
      in: rect)
    drawPlot(series, in: &grid, inner, options: options)
    places.panels.append((.norms, rect))
  }

  // MARK: Labels

  /// The plot with its lines' labels where no curve is: lanes that learn nothing lie on the line.
  private func drawPlot(
    _ series: [PlotSeries], in grid: inout Grid, _ rect: Rect, options: LinePlotOptions
  ) {
    var unlabelled = options
    for index in unlabelled.references.indices { unlabelled.references[index].label = "" }
    let plot = grid.drawLinePlot(series, in: rect, options: unlabelled).plot
    for reference in options.references {
      guard let share = options.yScale.position(reference.value), (0...1).contains(share) else {
        continue
      }
      let y = plot.y + Int(((1 - share) * Double(plot.height - 1)).rounded())
      drawLabel(reference, in: &grid, plot, y: y)
    }
  }

  /// On the line, else as near to it as there is room, from the right.
  private func drawLabel(_ reference: PlotReference, in grid: inout Grid, _ plot: Rect, y: Int) {
    let length = grid.columns(of: reference.label)
    let line: Unicode.Scalar = grid.medium.isUnicode ? "┄" : "-"
    for row in [y, y + 1, y - 1, y + 2, y - 2] where row >= plot.y && row < plot.maxY {
      for x in stride(from: plot.maxX - length - 1, through: plot.x + 1, by: -1) {
        let isFree = (x - 1...x + length).allSatisfy {
          let scalar = grid[$0, row]?.scalar
          return scalar == " " || scalar == line
        }
        guard isFree else { continue }
        grid.drawText(reference.label, x: x, y: row, style: reference.style)
        return
      }
    }
  }
}

/// The second history less the first, over the updates that both have.
struct LaneDifference {
  let values: [Float]
  let firstX: Double
  let stepX: Double

  init(_ first: DecimatedHistory, _ second: DecimatedHistory) {
    // Of one that has stopped each point may stand for fewer updates: both at the coarser stride.
    let stride = max(first.stride, second.stride)
    let a = Self.means(first, stride: stride), b = Self.means(second, stride: stride)
    values = LabCurves.smoothed(zip(a, b).map { $1 - $0 })
    firstX = (1 + Double(stride)) / 2
    stepX = Double(stride)
  }

  /// Strides are powers of two, so that a coarser one is a whole number of finer ones.
  private static func means(_ history: DecimatedHistory, stride: Int) -> [Double] {
    let merged = stride / history.stride
    return Swift.stride(from: 0, to: history.points.count, by: merged).map { start in
      let points = history.points[start..<min(start + merged, history.points.count)]
      let count = points.reduce(0) { $0 + $1.count }
      return points.reduce(0) { $0 + $1.mean * Double($1.count) } / Double(max(1, count))
    }
  }
}
