internal import Debugger
internal import Equations
internal import Learning

/// The knobs that all lanes have in common.
extension CompareScene {
  /// The lanes that a common knob turns: those that do not set it themselves and have it.
  func lanesTurned(by knob: Knob) -> [Int] {
    lanes.indices.filter { index in
      !(lanes[index].own.contains(knob) && Self.canDiffer(knob))
        && knob.text(lanes[index].settings) != nil
    }
  }

  /// Whether lanes may differ in it; else their data would not be the same.
  private static func canDiffer(_ knob: Knob) -> Bool {
    switch knob {
    case .seqLen, .batch, .task, .seed: false
    default: true
    }
  }

  /// Those that a lane has at all.
  var shownKnobs: [Knob] {
    Knob.common.filter { knob in lanes.contains { knob.text($0.settings) != nil } }
  }

  var settableKnobs: [Knob] { Knob.common }

  /// By a notch; lanes of different values move alike.
  func turn(_ direction: Int) {
    let turned = lanesTurned(by: knob)
    var new = lanes.map(\.settings)
    for lane in turned {
      guard let settings = knob.turned(lanes[lane].settings, direction) else {
        show(message: "\(knob.title): this is the end of its range")
        return
      }
      new[lane] = settings
    }
    apply(new, knob, turned)
  }

  func set(_ knob: Knob, to value: String) throws(CommandError) {
    guard Knob.common.contains(knob) else {
      throw CommandError("set \(knob.rawValue): each lane has its own \(knob.title)")
    }
    let turned = lanesTurned(by: knob)
    var new = lanes.map(\.settings)
    for lane in turned { new[lane] = try knob.set(lanes[lane].settings, to: value) }
    apply(new, knob, turned)
  }

  private func apply(_ new: [LabSettings], _ knob: Knob, _ turned: [Int]) {
    guard let first = turned.first else {
      show(
        message: "\(knob.title): every lane sets it itself, or has none", isError: true)
      return
    }
    let effect = zip(lanes, new).map { $0.settings.effect(of: $1) }.max() ?? .none
    for index in lanes.indices { lanes[index].settings = new[index] }
    runner.send(.change(new))
    var text = "\(knob.title) \(knob.text(new[first]) ?? "")"
    if turned.count < lanes.count {
      text +=
        " for lane\(turned.count == 1 ? "" : "s") "
        + Suggestion.listed(turned.map { "\($0 + 1)" }, "and")
    }
    if effect == .restarts { text += ": training begins anew" }
    show(message: text)
  }
}
