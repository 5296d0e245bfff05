public import Canvas
internal import Debugger
internal import Equations
public import Learning
internal import Networks

/// Two to four nets that learn side by side on the same data, update by update: their curves over
/// each other, a heatmap of each one's state, a table of figures, and any two as a difference.
public final class CompareScene: Scene {
  /// What the keyboard does.
  enum Mode {
    case watching
    case command(LineEditor)
    case help
    /// All commands of the command line.
    case commandHelp
  }

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

  let runner: LabRunner
  var lanes: [Lane]
  /// What to look for, of a preset.
  let lookFor: String?
  /// Nil until the first figures are there.
  var snapshot: LabSnapshot?
  var mode = Mode.watching
  var focus = Panel.curves
  var isZoomed = false
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
  /// Running at a limited speed: one update a tick.
  var isTicking = false
  public var hasMouse = true
  var message: (text: String, isError: Bool)?
  /// The newest notice of the runner that was shown.
  var noticeNumber = 0
  var commandHistory: [String] = []
  var conditionNumber = 0
  /// The number under which the recording was asked for that is to be stepped through.
  var recordingNumber = 0
  var captured: LabCapture?
  /// Opens as soon as the loop comes by.
  var nextScene: StepScene?
  /// Where things are in the last picture, for the mouse.
  var places = ComparePlaces()
  public private(set) var textCursor: (x: Int, y: Int)?
  /// Whether the last picture was only the request for a larger terminal.
  private(set) var isTooSmall = false
  private var hasAppeared = false

  /// - Parameters:
  ///   - runner: of two to four lanes, whose thread was not started yet.
  ///   - named: the lanes: names as `LaneText` reads them, or others.
  ///   - lookFor: what to look for, in a sentence.
  public init(
    runner: LabRunner, lanes named: [(name: String, settings: LabSettings)],
    lookFor: String? = nil
  ) {
    precondition((2...4).contains(named.count), "\(named.count) lanes")
    self.runner = runner
    lanes = named.map { Lane(name: $0.name, own: Knob.set(in: $0.name), settings: $0.settings) }
    self.lookFor = lookFor
  }

  // MARK: The runner

  public func appear(wake: @escaping @Sendable () -> Void) {
    runner.start(wake: wake)
    if !hasAppeared { runner.send(.resume) }
    hasAppeared = true
  }

  public func disappear() { runner.rest() }

  public var tickMilliseconds: Int? {
    if nextScene != nil { return 1 }
    guard isTicking, let speed else { return nil }
    return max(1, 1000 / speed)
  }

  var isPaused: Bool { !isTicking && snapshot?.state.isPaused ?? true }

  /// Takes what the runner has to show.
  func takeNews() -> [SceneEffect] {
    if let new = runner.takeSnapshot() { take(new) }
    guard let capture = runner.takeCapture() else { return [] }
    recordingNumber += 1
    captured = capture
    let request = RecordingRequest(network: capture.network, input: capture.input, loss: .targets)
    return [.run(request, number: recordingNumber)]
  }

  /// A sequence of an update is ready to be stepped through.
  public func finish(_ result: any Sendable, for request: Int) {
    guard request == recordingNumber, let recording = result as? Recording, let captured else {
      return
    }
    self.captured = nil
    message = nil
    let scene = StepScene(
      recording: recording, vocabulary: nil,
      modelName: "\(lanes[captured.lane].name), update \(captured.update)",
      modelSummary: "\(lanes[captured.lane].settings.task.kind.rawValue), sequence "
        + "\(captured.sequence) of the batch")
    scene.hasMouse = hasMouse
    nextScene = scene
  }

  /// The scene that has been made ready, once.
  func takeNextScene() -> [SceneEffect] {
    guard let nextScene else { return [] }
    self.nextScene = nil
    return [.open(nextScene)]
  }

  func take(_ new: LabSnapshot) {
    snapshot = new
    guard let notice = new.notice, notice.number > noticeNumber else { return }
    noticeNumber = notice.number
    show(message: numbered(notice.text), isError: notice.isError)
    // A condition has become true, or no lane can go on.
    let isOver = new.lanes.allSatisfy { $0.stop != nil }
    if isOver || notice.text.contains("break ") { isTicking = false }
  }

  /// A lane's number in place of its name, which may be long.
  private func numbered(_ text: String) -> String {
    guard let lane = lanes.firstIndex(where: { text.hasPrefix("\($0.name): ") }) else {
      return text
    }
    return "lane \(lane + 1)" + text.dropFirst(lanes[lane].name.count)
  }

  public func show(message text: String, isError: Bool) { message = (text, isError) }

  // MARK: Drawing

  public func draw(in grid: inout Grid) {
    textCursor = nil
    places = ComparePlaces()
    isTooSmall = grid.width < 80 || grid.height < 24
    if isTooSmall {
      let times = grid.medium.isUnicode ? "×" : "x"
      grid.drawText(
        "need 80\(times)24, have \(grid.width)\(times)\(grid.height)", x: 0, y: 0,
        style: Style(.warning), width: grid.width)
      grid.drawText("q quits", x: 0, y: 1, width: grid.width)
      return
    }
    drawPicture(in: &grid)
    switch mode {
    case .help: HelpOverlay.draw("Keys", Self.keyHelp, in: &grid)
    case .commandHelp:
      let rows = Self.words.map { word in
        KeyHelp(
          keys: word.name,
          action: word.argument.isEmpty ? word.help : "\(word.argument)  \(word.help)")
      }
      HelpOverlay.draw("Commands", rows, in: &grid)
    case .watching, .command: break
    }
  }

  func setTextCursor(x: Int, y: Int) { textCursor = (x, y) }
}

/// Where the last picture shows what.
struct ComparePlaces {
  var panels: [(panel: CompareScene.Panel, rect: Rect)] = []
  /// Rows of lanes, in the table and beside the heatmaps.
  var lanes: [(lane: Int, rect: Rect)] = []
  var heatmaps: [(lane: Int, layout: HeatmapLayout, units: [Int])] = []
  var knobs: [(knob: Knob, row: Int, columns: Range<Int>)] = []
  /// Hints at the bottom that can be clicked, by the key that they stand for.
  var hints: [(key: Key, row: Int, columns: Range<Int>)] = []
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
