internal import Canvas
internal import Learning

/// A lab's run as text for people.
nonisolated enum LabText {
  static func text(_ run: LabRun) -> String {
    var text = "\(run.task.kind.rawValue): \(run.task.summary)\n"
    text += "without memory: loss \(number(run.task.memorylessLoss)), "
    text += "accuracy \(percent(run.task.chance))\n"
    if let lookFor = run.lookFor { text += "look for: \(lookFor)\n" }
    let history = updates(run)
    if history.count > 1 { text += "\n" + Console.table(history, rightAligned: numbers) + "\n" }
    text += "\n" + Console.table(table(run), rightAligned: Set(1..<12)) + "\n"
    text += "\n" + Console.table(norms(run), rightAligned: Set(1..<9)) + "\n\n"
    for (index, lane) in run.lanes.enumerated() {
      let mark = run.lanes.count > 1 && index == run.leader ? " (in the lead)" : ""
      text += "\(lane.name)\(mark): \(sentence(lane))\n"
    }
    return text
  }

  /// What became of a lane.
  static func sentence(_ lane: LabRun.Lane) -> String {
    let verdict = lane.verdict?.sentence ?? lane.fit.map { "\($0.flow.rawValue)" }
    return [lane.stop.map { "stopped at \($0)" }, verdict].compactMap(\.self)
      .joined(separator: "; ")
  }

  private static let numbers: Set<Int> = [0, 2, 3, 4, 5, 6]

  private static func updates(_ run: LabRun) -> [[String]] {
    var rows = [["update", "lane", "loss", "accuracy", "norm", "clipped to", "slope", "verdict"]]
    let all = run.lanes.flatMap { lane in lane.entries.map { (lane.name, $0) } }
    for (name, entry) in all.sorted(by: { $0.1.update.update < $1.1.update.update }) {
      let update = entry.update
      rows.append([
        "\(update.update)", name, number(update.loss), percent(update.accuracy),
        number(update.gradientNorm), update.isClipped ? number(update.clippedNorm) : "",
        number(entry.fit.slope), entry.fit.flow.rawValue,
      ])
    }
    return rows
  }

  /// The columns of the table of figures, here and in the picture.
  static let columns = [
    "lane", "loss", "accuracy", "slope", "r²", "left out", "|λ|max", "σmax", "saturated", "dead",
    "clipped", "verdict",
  ]

  static func figures(_ lane: LabRun.Lane) -> [String] {
    let unknown = unknown(lane)
    return [
      lane.name, number(lane.lastUpdate?.loss ?? unknown),
      percent(lane.lastUpdate?.accuracy ?? unknown),
      number(lane.fit.map(\.slope) ?? unknown), number(lane.fit.map(\.r2) ?? unknown),
      lane.fit.map { "\($0.leftOut)" } ?? "",
      number(lane.spectrum?.spectralRadius), number(lane.spectrum?.largestSingularValue),
      percent(lane.activations?.saturated), percent(lane.activations?.deadReLU),
      percent(lane.verdict?.clipped), lane.fit?.flow.rawValue ?? "",
    ]
  }

  /// A lane that stopped before its first update has figures, but they are not numbers.
  private static func unknown(_ lane: LabRun.Lane) -> Double? { lane.stop == nil ? nil : .nan }

  private static func table(_ run: LabRun) -> [[String]] { [columns] + run.lanes.map(figures) }

  /// ‖∂L/∂h_t‖ at some steps, from the last one back.
  private static func norms(_ run: LabRun) -> [[String]] {
    let last = run.task.seqLen - 1
    var steps: [Int] = []
    for part in 0...4 where !steps.contains(last - last * part / 4) {
      steps.append(last - last * part / 4)
    }
    let head = ["‖∂L/∂h_t‖"] + steps.map { "t = \($0)" }
    return [head]
      + run.lanes.map { lane in
        [lane.name]
          + steps.map { step in
            let norms = lane.gradientNorms
            return number(step < norms.count ? norms[step] : unknown(lane))
          }
      }
  }

  /// Blank for a figure that there is not; `NaN`, `inf` and `-inf` as such.
  static func number(_ value: Double?) -> String {
    value.map { NumberText.text($0, digits: 4, glyphs: $0.isFinite ? .unicode : .ascii) } ?? ""
  }

  /// As `number`.
  static func percent(_ share: Double?) -> String {
    guard let share, share.isFinite else { return number(share) }
    return "\(Int((share * 100).rounded()))%"
  }
}
