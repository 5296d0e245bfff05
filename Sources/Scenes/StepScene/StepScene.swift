internal import Canvas
public import Debugger
internal import Equations
public import Networks

/// The debugger's main screen: the equations with the program counter, the values of every step,
/// the prediction, and on the way back the gradients.
public final class StepScene: PanelScene {
  /// What is typed besides commands.
  enum Line {
    /// Another text, run at every key; `before` is gone back to.
    case text(before: Session)
    case find
  }

  nonisolated enum Panel: Hashable {
    case equations
    case heatmap(Int)
    case prediction
  }

  public let modelName: String
  let modelSummary: String
  public let vocabulary: Vocabulary?
  var session: Session
  var frame = SceneFrame<Line>()
  var focus = Panel.equations
  /// The card of the newcomer's tour that is shown.
  var tourPage: Int?
  /// The selected unit: whose numbers are put in.
  var unit = 0
  var explains = true
  var isRunning = false
  /// Milliseconds per equation while running.
  var interval = 250
  var searchText = ""
  var pendingChange: String?
  /// Before a text was typed: what `undo` goes back to once the text's run is done.
  var pendingFormer: Session?
  /// Fitted scales: a scale must not move while stepping.
  var scales: [ScaleKey: Normalization] = [:]
  var sparkScales: [SparkKey: Normalization] = [:]
  /// ‖∂L/∂value‖ of every step, by layer and equation.
  var gradientNorms: [Position.Part: [Int: [Float]]] = [:]
  /// What was in view when a cell was clicked.
  var heldView: HeldView?
  /// The text that was typed last: unknown characters too, which the labels of a run don't have.
  var typedText = ""
  /// Where things are in the last picture, for the mouse.
  var places = StepPlaces()

  /// - Parameters:
  ///   - recording: the run that is stepped through.
  ///   - vocabulary: what a typed text is cut into; nil where the input is vectors.
  ///   - modelName: as the title shows it.
  ///   - modelSummary: e.g. "2 × lstm, 192 units".
  ///   - warnings: what the status line says first.
  ///   - showsTour: whether the newcomer's tour starts.
  public init(
    recording: Recording, vocabulary: Vocabulary?, modelName: String, modelSummary: String,
    warnings: [String] = [], showsTour: Bool = false
  ) {
    self.modelName = modelName
    self.modelSummary = modelSummary
    self.vocabulary = vocabulary
    session = Session(recording: recording, vocabulary: vocabulary)
    if showsTour { tourPage = 0 }
    unit = mostActiveUnit()
    if let bad = recording.firstNonFinite { selectNonFiniteUnit(at: bad) }
    if let warning = warnings.first {
      message = (warning, true)
    } else if let bad = recording.firstNonFinite {
      message = ("the first value that is not finite is at t = \(bad.time)", true)
    } else {
      message = unknownMessage(recording)
    }
  }

  var recording: Recording { session.recording }
  var cursor: Position { session.cursor }
  var equations: [Equation] { recording.cell.equations }

  public var tickMilliseconds: Int? {
    if pendingRequest != nil { return 100 }
    return isRunning ? interval : nil
  }

  // MARK: Runs

  func request(
    _ request: RecordingRequest, change: String?, former: Session? = nil
  ) -> [SceneEffect] {
    pendingChange = change
    pendingFormer = former
    return ask(for: request)
  }

  public func finish(_ result: any Sendable, for request: Int) {
    guard takes(request), let recording = result as? Recording else { return }
    forgetFigures()
    if let change = pendingChange {
      session.fork(to: recording, change: change)
      // Leaving a text that is being typed must not lose the change.
      if case .line(let editor, .text(var before)) = mode {
        before.fork(to: recording, change: change)
        mode = .line(editor, .text(before: before))
      }
      // The unit that was set is the one to look at.
      if let last = recording.request.overrides[session.layer]?.last, last.units.count == 1 {
        selectUnit(last.units.lowerBound)
      }
      show(message: "\(change): what follows is computed anew, the original stays as a ghost (d)")
    } else {
      let place = cursor
      session.replace(with: recording, insteadOf: pendingFormer)
      // While a text is typed, the step that was looked at stays in sight.
      if pendingFormer != nil, place.time < recording.seqLen { session.move(to: place) }
      message = unknownMessage(recording)
    }
    unit = min(unit, recording.configuration.hiddenSize - 1)
  }

  /// Another run is on the screen; an old one that is gone may have had its address.
  func forgetFigures() {
    scales = [:]
    sparkScales = [:]
    gradientNorms = [:]
    heldView = nil
  }

  private func unknownMessage(_ recording: Recording) -> (String, Bool)? {
    let count = recording.request.input.unknownCount
    guard count > 0 else { return nil }
    return (
      "\(count) token\(count == 1 ? " is" : "s are") not in the model's vocabulary "
        + "and shown as \(recording.request.input.labels.contains("\u{FFFD}") ? "�" : "unknown")",
      true
    )
  }

  // MARK: Units

  /// The unit whose output changes most over the sequence: the liveliest row to start with.
  func mostActiveUnit() -> Int {
    let equation = recording.cell.outputEquation
    let id = session.layer
    // Step by step, as the values lie in memory.
    var low = recording.values(id, equation, time: 0)
    var high = low
    for time in 1..<max(1, recording.seqLen) {
      for (unit, value) in recording.values(id, equation, time: time).enumerated() {
        low[unit] = min(low[unit], value)
        high[unit] = max(high[unit], value)
      }
    }
    var best = 0
    for unit in low.indices where high[unit] - low[unit] > high[best] - low[best] { best = unit }
    return best
  }

  /// A run that is not finite starts with the unit that is the first not to be.
  private func selectNonFiniteUnit(at position: Position) {
    guard let id = position.layer else { return }
    let values = recording.values(id, position.equation, time: position.time)
    if let bad = values.firstIndex(where: { !$0.isFinite }) { selectUnit(bad) }
  }

  func selectUnit(_ new: Int) {
    unit = min(max(new, 0), recording.configuration.hiddenSize - 1)
  }
}

/// Where the last picture shows what: for mouse clicks.
struct StepPlaces {
  struct Heatmap {
    let equation: Int
    let layer: LayerID
    let layout: HeatmapLayout
  }

  var tokens: [(index: Int, columns: Range<Int>, rows: Range<Int>)] = []
  /// Rows of the equations and their part of the network.
  var lines: [(position: Position, row: Int, columns: Range<Int>)] = []
  var heatmaps: [Heatmap] = []
  /// How equations are spelled in it.
  var glyphs = Glyphs.unicode
}
