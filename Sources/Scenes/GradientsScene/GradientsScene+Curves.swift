internal import Canvas
internal import Learning

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// Loss, accuracy and gradient norms over all updates, on a logarithmic axis: the first updates have
/// as much room as the last thousands.
extension GradientsScene {
  func drawLoss(in grid: inout Grid, _ rect: Rect) {
    let name = "without memory"
    let inner = grid.drawPanel(
      title: lane?.task.loss == .squaredError ? "loss, squared error" : "loss, nats",
      trailing: latest(lane?.recent.last?.loss, name, lane?.task.memorylessLoss),
      isFocused: focus == .loss, in: rect)
    drawCurves([("loss", \.lossHistory, .series(0))], in: &grid, inner) { lane in
      let memoryless = lane.task.memorylessLoss
      let values = lane.lossHistory.points.map(\.mean) + [memoryless]
      return (Self.roundScale(values), PlotReference(memoryless, name))
    }
  }

  func drawAccuracy(in grid: inout Grid, _ rect: Rect) {
    let inner = grid.drawPanel(
      title: "accuracy",
      trailing: latest(lane?.recent.last?.accuracy, "chance", lane?.task.chance),
      isFocused: focus == .accuracy, in: rect)
    drawCurves([("accuracy", \.accuracyHistory, .series(2))], in: &grid, inner) { lane in
      (Normalization(lo: 0, hi: 1), PlotReference(lane.task.chance, "chance"))
    }
  }

  /// The norm of all parameters' gradient, before and after clipping.
  func drawNorms(in grid: inout Grid, _ rect: Rect) {
    let inner = grid.drawPanel(
      title: "gradient norm, clipped norm",
      trailing: latest(lane?.recent.last?.gradientNorm, "clip", lane?.settings.maximumNorm),
      isFocused: focus == .norms, in: rect)
    drawCurves(
      [
        ("before", \.gradientNormHistory, .series(3)), ("after", \.clippedNormHistory, .series(0)),
      ], in: &grid, inner
    ) { lane in
      let norms = lane.gradientNormHistory.points + lane.clippedNormHistory.points
      return (
        Self.decades(norms.map(\.mean)),
        lane.settings.maximumNorm.map { PlotReference($0, "clip \(NumberText.tick($0))") }
      )
    }
  }

  /// Draws curves over all updates; `measures` gives their scale, and what they are compared with.
  private func drawCurves(
    _ curves: [(name: String, history: (LaneSnapshot) -> DecimatedHistory, role: ThemeRole)],
    in grid: inout Grid, _ inner: Rect,
    measures: (LaneSnapshot) -> (scale: Normalization, reference: PlotReference?)
  ) {
    guard let lane, curves.allSatisfy({ !$0.history(lane).points.isEmpty }) else {
      drawNothing("no update yet", in: &grid, inner)
      return
    }
    let (scale, reference) = measures(lane)
    var options = curveOptions(lane, scale)
    options.references = [reference].compactMap(\.self)
    let series = curves.map { name, history, role in
      curve(name, history(lane), role: role, width: inner.width)
    }
    grid.drawLinePlot(series, in: inner, options: options)
  }

  /// "1.38, chance 0.25": the last value, and what it is to be compared with.
  private func latest(_ value: Double?, _ name: String, _ other: Double?) -> String {
    [value.map { NumberText.text($0) }, other.map { "\(name) \(NumberText.text($0))" }]
      .compactMap(\.self).joined(separator: ", ")
  }

  // MARK: Logarithmic updates

  private func curveOptions(_ lane: LaneSnapshot, _ scale: Normalization) -> LinePlotOptions {
    var options = LinePlotOptions(yScale: scale)
    options.xRange = 0...Self.axisEnd(lane.lossHistory.count)
    options.xTitle = "update, log"
    options.xTicks = Self.ticks(to: options.xRange?.upperBound ?? 1)
    return options
  }

  /// The common logarithm of the last update; of ten at least.
  private static func axisEnd(_ count: Int) -> Double { log10(Double(max(count, 10))) }

  private static func ticks(to end: Double) -> [PlotTick] {
    let factors = end < 3 ? [1, 2, 5] : [1]
    let all = (0...Int(end)).flatMap { decade in
      factors.map { Double($0) * pow(10, Double(decade)) }
    }
    return all.filter { log10($0) <= end }.map { value in
      // The powers of ten first: where two labels collide the later one is left out.
      PlotTick(log10(value), NumberText.tick(value))
    }
    .sorted { a, b in a.value.rounded() == a.value && b.value.rounded() != b.value }
  }

  /// A history sampled at places that are evenly spaced on the logarithmic axis: the mean of what
  /// lies between two of them.
  private func curve(
    _ name: String, _ history: DecimatedHistory, role: ThemeRole, width: Int
  ) -> PlotSeries {
    let points = history.points
    let stride = Double(history.stride)
    let end = log10(Double(max(1, history.count)))
    let count = max(2, Int(Double(2 * width) * end / Self.axisEnd(history.count)))
    let step = end / Double(count - 1)
    // The place of an update among the points, with what lies between two of them.
    func place(_ x: Double) -> Double {
      min(max((pow(10, x) - 1) / stride, 0), Double(points.count - 1))
    }
    let values = (0..<count).map { sample -> Float in
      let from = place((Double(sample) - 0.5) * step)
      let to = place((Double(sample) + 0.5) * step)
      if to - from < 1 {
        let middle = place(Double(sample) * step)
        let left = Int(middle)
        let right = min(left + 1, points.count - 1)
        let share = middle - Double(left)
        return Float(points[left].mean * (1 - share) + points[right].mean * share)
      }
      let share = points[Int(from.rounded(.up))...Int(to)]
      return Float(share.reduce(0) { $0 + $1.mean } / Double(share.count))
    }
    return PlotSeries(name, values, paint: .role(role), firstX: 0, stepX: max(step, 1e-9))
  }

  /// A logarithmic scale between round numbers (1, 2 or 5 times a power of ten).
  private static func roundScale(_ values: [Double]) -> Normalization {
    let usable = values.filter { $0 > 0 && $0.isFinite }
    guard let least = usable.min(), let most = usable.max() else {
      return Normalization(.logarithmic, lo: 0.1, hi: 10)
    }
    func round(_ value: Double, up: Bool) -> Double {
      let decade = pow(10, log10(value).rounded(.down))
      let rounds = [1.0, 2, 5, 10].map { $0 * decade }
      return up
        ? rounds.first { $0 >= value * 1.05 } ?? 20 * decade
        : rounds.last { $0 <= value / 1.05 } ?? decade / 2
    }
    return Normalization(.logarithmic, lo: round(least, up: false), hi: round(most, up: true))
  }
}
