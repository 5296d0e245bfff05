public import Canvas
public import Debugger
internal import Equations
public import Networks

/// The debugger's main screen: the equations with the program counter, the values of every step,
/// the prediction, and on the way back the gradients.
public final class StepScene: Scene {
  /// What the keyboard does.
  enum Mode {
    case stepping
    case command(LineEditor)
    case text(LineEditor, before: Session)
    case find(LineEditor)
    case help
    /// All commands of the command line.
    case commandHelp
    case tour(Int)
  }

  enum Panel: Hashable {
    case equations
    case heatmap(Int)
    case prediction
  }

  public let modelName: String
  let modelSummary: String
  public let vocabulary: Vocabulary?
  var session: Session
  var mode = Mode.stepping
  /// The selected unit: whose numbers are put in.
  var unit = 0
  var focus = Panel.equations
  var isZoomed = false
  var explains = true
  var isRunning = false
  /// Milliseconds per equation while running.
  var interval = 250
  public var hasMouse = true
  var message: (text: String, isError: Bool)?
  var commandHistory: [String] = []
  var searchText = ""
  /// The newest run that was asked for; older ones that come late are dropped.
  var pendingRequest: Int?
  private var requestNumber = 0
  var pendingChange: String?
  /// Before a text was typed: what `undo` goes back to once the text's run is done.
  var pendingFormer: Session?
  var spinner = 0
  /// Fitted scales: a scale must not move while stepping.
  var scales: [ScaleKey: Normalization] = [:]
  var sparkScales: [SparkKey: Normalization] = [:]
  /// ‖∂L/∂value‖ of every step, by layer and equation.
  var gradientNorms: [Position.Part: [Int: [Double]]] = [:]
  /// Where things are in the last picture, for the mouse.
  var places = StepPlaces()
  public private(set) var textCursor: (x: Int, y: Int)?
  /// Whether the last picture was only the request for a larger terminal.
  var isTooSmall = false

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
    if showsTour { mode = .tour(0) }
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

  /// The equation whose heatmap is under the cursor; on the output's lines the cell's output.
  var currentEquation: Int {
    cursor.layer == nil ? recording.cell.outputEquation : cursor.equation
  }

  public var tickMilliseconds: Int? {
    if pendingRequest != nil { return 100 }
    return isRunning ? interval : nil
  }

  // MARK: Runs

  func request(
    _ request: RecordingRequest, change: String?, former: Session? = nil
  ) -> [SceneEffect] {
    requestNumber += 1
    pendingRequest = requestNumber
    pendingChange = change
    pendingFormer = former
    return [.run(request, number: requestNumber)]
  }

  public func finish(_ result: any Sendable, for request: Int) {
    guard request == pendingRequest, let recording = result as? Recording else { return }
    pendingRequest = nil
    // An old run that is gone may have had this one's address.
    scales = [:]
    sparkScales = [:]
    gradientNorms = [:]
    if let change = pendingChange {
      session.fork(to: recording, change: change)
      // Leaving a text that is being typed must not lose the change.
      if case .text(let editor, var before) = mode {
        before.fork(to: recording, change: change)
        mode = .text(editor, before: before)
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

  private func unknownMessage(_ recording: Recording) -> (String, Bool)? {
    let count = recording.request.input.unknownCount
    guard count > 0 else { return nil }
    return (
      "\(count) token\(count == 1 ? " is" : "s are") not in the model's vocabulary "
        + "and shown as \(recording.request.input.labels.contains("\u{FFFD}") ? "�" : "unknown")",
      true
    )
  }

  public func show(message text: String, isError: Bool = false) { message = (text, isError) }

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

  // MARK: Drawing

  public func draw(in grid: inout Grid) {
    textCursor = nil
    places = StepPlaces()
    isTooSmall = grid.width < 80 || grid.height < 24
    guard !isTooSmall else {
      drawTooSmall(in: &grid)
      return
    }
    drawPicture(in: &grid)
    switch mode {
    case .help: HelpOverlay.draw("Keys", Self.keyHelp, in: &grid)
    case .commandHelp:
      let rows = Command.words.map { word in
        KeyHelp(
          keys: word.name,
          action: word.argument.isEmpty ? word.help : "\(word.argument)  \(word.help)")
      }
      HelpOverlay.draw("Commands", rows, in: &grid)
    case .tour(let page): drawTour(page, in: &grid)
    default: break
    }
  }

  func setTextCursor(x: Int, y: Int) { textCursor = (x, y) }

  private func drawTooSmall(in grid: inout Grid) {
    let text = "need 80×24, have \(grid.width)×\(grid.height)"
    _ = grid.drawText(
      grid.medium.isUnicode ? text : text.replacingTimes, x: 0, y: 0, style: Style(.warning),
      width: grid.width)
    _ = grid.drawText("q quits", x: 0, y: 1, style: .plain, width: grid.width)
  }
}

extension String {
  /// "80×24" in ASCII.
  fileprivate var replacingTimes: String { String(map { $0 == "×" ? "x" : $0 }) }
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
  /// Hints at the bottom that can be clicked, by the key that they stand for.
  var hints: [(key: Key, row: Int, columns: Range<Int>)] = []
}
