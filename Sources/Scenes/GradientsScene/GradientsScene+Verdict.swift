internal import Canvas
internal import Learning

/// What becomes of the gradient, why, and the figures that say so.
extension GradientsScene {
  /// The same for every sentence, so that nothing below it moves while the net trains.
  func verdictRows(_ width: Int) -> Int {
    let lookForRows = lookFor == nil ? 0 : width < 160 ? 2 : 1
    return (width < 100 ? 3 : 2) + figureRows(width) + lookForRows
  }

  /// Those of an LSTM take some 140 columns.
  private func figureRows(_ width: Int) -> Int { width < 150 ? 2 : 1 }

  /// Dying gradients are blue, healthy ones green, blown up ones red, as in no other place.
  private func role(_ flow: GradientFlow) -> ThemeRole {
    switch flow {
    case .vanishing: .negative
    case .stable: .accent
    case .exploding: .error
    }
  }

  func drawVerdict(in grid: inout Grid, _ rect: Rect) {
    places.panels.append((.verdict, rect))
    guard let lane else {
      _ = grid.drawText("measuring the start", x: rect.x + 2, y: rect.y, style: Style(.dim))
      return
    }
    let lookForRows = lookFor == nil ? 0 : rect.width < 160 ? 2 : 1
    let rows = rect.inset(dx: 2).splitRows([
      .flexible(), .fixed(figureRows(rect.width)), .fixed(lookForRows),
    ])
    let mark = lane.verdict.map { role($0.fit.flow) } ?? .dim
    for y in rect.y..<rect.maxY - lookForRows {
      let style = focus == .verdict ? Style(mark, [.reverse]) : Style(mark)
      grid.put(grid.medium.isUnicode ? "▌" : "|", x: rect.x, y: y, style: style)
    }
    grid.drawParagraph(sentence(lane, grid), in: rows[0])
    grid.drawParagraph(figures(lane, grid), in: rows[1])
    if let lookFor {
      grid.drawParagraph(
        [TextSpan("look for: ", Style(.keyHint, [.bold])), TextSpan(spelled(lookFor, grid))],
        in: rows[2])
    }
  }

  private func sentence(_ lane: LaneSnapshot, _ grid: Grid) -> [TextSpan] {
    var spans: [TextSpan] = []
    if let stop = lane.stop {
      spans.append(TextSpan(spelled("stopped before \(stop). ", grid), Style(.error, [.bold])))
    }
    guard let verdict = lane.verdict else { return spans }
    let words = spelled(verdict.sentence, grid)
    let head = verdict.fit.flow.rawValue
    spans.append(TextSpan(head.uppercased(), Style(role(verdict.fit.flow), [.bold])))
    spans.append(TextSpan(String(words.dropFirst(head.count))))
    return spans
  }

  /// The verdict's figures with their names; what the net has none of is left out.
  private func figures(_ verdict: LabVerdict) -> [(name: String, value: String)] {
    var figures: [(String, String)] = []
    func add(_ name: String, _ value: Double?, _ unit: String = "") {
      if let value { figures.append((name, NumberText.text(value) + unit)) }
    }
    func addSteps(_ name: String, _ value: Double?) {
      guard let text = value.map({ NumberText.text($0) }) else { return }
      figures.append((name, "\(text) step\(text == "1" ? "" : "s")"))
    }
    func share(_ name: String, _ value: Double?) {
      if let value { figures.append((name, "\(NumberText.tick((value * 1000).rounded() / 10))%")) }
    }
    add("slope", verdict.fit.slope, "/step")
    add("r²", verdict.fit.r2)
    if verdict.fit.leftOut > 0 { figures.append(("left out", "\(verdict.fit.leftOut)")) }
    if let memory = verdict.memoryFit {
      add("slope of c", memory.slope, "/step")
      addSteps("memory", memory.memoryLength)
    } else {
      addSteps("memory", verdict.fit.memoryLength)
    }
    let matrix = verdict.matrixName.map { "(\($0))" } ?? ""
    add("ρ\(matrix)", verdict.spectrum?.spectralRadius)
    add("σmax", verdict.spectrum?.largestSingularValue)
    share("saturated", verdict.activations.saturated)
    share("dead", verdict.activations.deadReLU)
    add("mean forget", verdict.activations.meanForgetGate)
    share("clipped", verdict.clipped)
    return figures
  }

  private func figures(_ lane: LaneSnapshot, _ grid: Grid) -> [TextSpan] {
    guard let verdict = lane.verdict else { return [] }
    return figures(verdict).flatMap { name, value in
      [
        TextSpan(spelledName(name, grid) + " ", Style(.dim)),
        // A name and its number stay on one line.
        TextSpan(value.replacing(" ", with: "\u{A0}"), Style(.text, on: .default, [.bold])),
        TextSpan("  "),
      ]
    }
  }

  private func spelledName(_ name: String, _ grid: Grid) -> String {
    switch name {
    case "r²" where !grid.medium.isUnicode: "r2"
    case "σmax" where !grid.medium.isUnicode: "max sv"
    default: spelled(name, grid)
    }
  }

  /// All of it, with what the figures mean: the verdict zoomed.
  func drawFigures(in grid: inout Grid, _ rect: Rect) {
    let inner = grid.drawPanel(
      title: "the verdict's figures", isFocused: focus == .verdict, in: rect
    ).inset(dx: 1)
    guard let lane, let verdict = lane.verdict else { return }
    var y = inner.y
    for (name, value) in figures(verdict) where y < inner.maxY {
      _ = grid.drawText(spelledName(name, grid), x: inner.x, y: y, style: Style(.dim), width: 14)
      _ = grid.drawText(
        value, x: inner.x + 14, y: y, style: Style(.text, on: .default, [.bold]), width: 14)
      _ = grid.drawText(
        spelled(Self.meaning(name), grid), x: inner.x + 29, y: y, style: .plain,
        width: inner.width - 29)
      y += 1
    }
    let rest = Rect(x: inner.x, y: y + 1, width: inner.width, height: inner.maxY - y - 1)
    let task = lane.task
    grid.drawParagraph(
      [
        TextSpan("The figures are of the weights after update \(lane.verdictUpdate). "),
        TextSpan(
          "Vanishing: the norm falls by more than a factor of 100 over the sequence; exploding: it "
            + "grows by more. "),
        TextSpan(
          spelled("Task \(task.kind.rawValue): \(task.summary). ", grid), Style(.accent)),
        TextSpan(
          "Without memory the loss is \(NumberText.text(task.memorylessLoss)), and the accuracy "
            + "\(NumberText.text(task.chance))."),
      ], in: rest)
  }

  private static func meaning(_ name: String) -> String {
    switch name {
    case "slope": "d ln‖∂L/∂h_t‖ per step back: below 0 the gradient shrinks"
    case "r²": "how well a straight line describes it; 1 is perfectly"
    case "left out": "norms beyond 1e-30…1e30, which the line leaves out"
    case "slope of c": "the same along the cell state: the uninterrupted path"
    case "memory": "after so many steps the gradient has fallen to 1/e"
    case "σmax": "the largest singular value: the most that one step can multiply by"
    case "saturated": "values where tanh or σ is flat and passes next to nothing"
    case "dead": "ReLUs that are off for every sequence and step"
    case "mean forget": "how much of c a step keeps"
    case "clipped": "of the last updates: their gradient was longer than the clip"
    default: "the spectral radius: what many steps multiply by, where φ' is 1"
    }
  }
}
