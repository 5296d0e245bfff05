internal import Canvas
internal import Debugger
internal import Equations
public import Learning
internal import Networks

/// Two to four nets that learn side by side on the same data, update by update: their curves over
/// each other, a heatmap of each one's state, a table of figures, and any two as a difference.
public final class CompareScene: LabScene {
  typealias Line = Never

  enum Panel: Int, CaseIterable {
    case curves
    case norms
    case states
    case figures
  }

  /// A lane as it was asked for.
  struct Lane {
    let name: String
    /// What its name sets: common knobs leave that alone.
    let own: Set<Knob>
    /// What was ordered last; a snapshot may still show what was before.
    var settings: LabSettings
  }

  var lanes: [Lane]
  /// What to look for, of a preset.
  let lookFor: String?
  var watch: LabWatch
  var frame = SceneFrame<Line>()
  var focus = Panel.curves
  /// The lane under the cursor.
  var selected = 0
  /// Lanes of which the second less the first is shown.
  var pair: (first: Int, second: Int)?
  /// Accuracy in place of the loss, where there is no room for both.
  var prefersAccuracy = false
  var knob = Knob.learningRate
  /// The first unit of the heatmaps.
  var unitOffset = 0
  /// Updates a second while it runs; nil: as many as there can be.
  var speed: Int?
  /// Where things are in the last picture, for the mouse.
  var places = ComparePlaces()

  /// - Parameters:
  ///   - runner: of two to four lanes, whose thread was not started yet.
  ///   - named: the lanes: names as `LaneText` reads them, or others.
  ///   - lookFor: what to look for, in a sentence.
  public init(
    runner: LabRunner, lanes named: [(name: String, settings: LabSettings)],
    lookFor: String? = nil
  ) {
    precondition((2...4).contains(named.count), "\(named.count) lanes")
    watch = LabWatch(runner)
    lanes = named.map { Lane(name: $0.name, own: Knob.set(in: $0.name), settings: $0.settings) }
    self.lookFor = lookFor
  }

  var laneSettings: [LabSettings] { lanes.map(\.settings) }
  var selectedLane: Int { selected }

  func name(ofLane lane: Int) -> String { lanes[lane].name }

  // MARK: The runner

  public var tickMilliseconds: Int? {
    if watch.nextScene != nil { return 1 }
    guard watch.isTicking, let speed else { return nil }
    return max(1, 1000 / speed)
  }

  func tick() -> [SceneEffect] {
    let effects = takeNews()
    // One that takes longer than a tick is waited for.
    if watch.isTicking, snapshot?.state.isPaused ?? false { runner.send(.step(1)) }
    return effects
  }

  func note(_ notice: LabNotice, of snapshot: LabSnapshot) {
    let lane = notice.lane.map { "lane \($0 + 1): " } ?? ""
    show(message: lane + notice.text, isError: notice.isError)
    // A condition has become true, or no lane can go on.
    let isOver = snapshot.lanes.allSatisfy { $0.stop != nil }
    if isOver || notice.isBreak { watch.isTicking = false }
  }
}

/// Where the last picture shows what.
struct ComparePlaces {
  var panels: [(panel: CompareScene.Panel, rect: Rect)] = []
  /// Rows of lanes, in the table and beside the heatmaps.
  var lanes: [(lane: Int, rect: Rect)] = []
  var heatmaps: [(lane: Int, layout: HeatmapLayout, units: [Int])] = []
  var knobs: [(knob: Knob, row: Int, columns: Range<Int>)] = []
}

extension Knob {
  /// What can be turned for all lanes together.
  static let common: [Knob] = [
    .learningRate, .clip, .optimizer, .seqLen, .batch, .hidden, .activation, .initializer, .gain,
    .forgetBias, .inputScale, .task, .seed,
  ]

  /// What a lane's name sets.
  static func set(in name: String) -> Set<Knob> {
    guard let lane = try? LaneText(name) else { return [] }
    var own = Set(lane.values.compactMap { Knob(rawValue: $0.key.rawValue) })
    if lane.activation != nil { own.insert(.activation) }
    if lane.initializer != nil { own.insert(.initializer) }
    return own
  }
}
