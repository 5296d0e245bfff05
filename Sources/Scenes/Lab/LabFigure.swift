internal import Canvas
internal import Learning

/// A lane's figures as tables show them.
nonisolated enum LabFigure {
  static func number(_ value: Double?, glyphs: Glyphs) -> String {
    value.map { NumberText.text($0, glyphs: glyphs) } ?? ""
  }

  static func percent(_ share: Double?) -> String {
    share.map { $0.isFinite ? "\(Int(($0 * 100).rounded()))%" : "NaN" } ?? ""
  }

  /// So many updates say which lane leads.
  static let meanCount = 20

  /// Losses of single batches jump: the mean over the last updates; before the first what is
  /// measured.
  static func meanLoss(_ lane: LaneSnapshot) -> Double? { mean(lane) { $0.loss } }

  static func meanAccuracy(_ lane: LaneSnapshot) -> Double? { mean(lane) { $0.accuracy } }

  private static func mean(_ lane: LaneSnapshot, _ value: (LabUpdate) -> Double) -> Double? {
    let last = lane.recent.suffix(meanCount)
    guard !last.isEmpty else { return lane.verdict.map { value($0.measured) } }
    return last.reduce(0) { $0 + value($1) } / Double(last.count)
  }

  static func verdict(_ lane: LaneSnapshot) -> String {
    lane.stop == nil ? lane.verdict?.fit.flow.rawValue ?? "" : "stopped"
  }

  /// The word says it; its colour only says it again.
  static func verdictStyle(_ lane: LaneSnapshot) -> Style {
    guard lane.stop == nil else { return Style(.error, [.bold]) }
    return switch lane.verdict?.fit.flow {
    case .vanishing: Style(.negative)
    case .exploding: Style(.warning)
    case .stable: Style(.text)
    case nil: Style(.dim)
    }
  }
}
