public import Canvas
internal import Debugger
public import Equations
public import Learning
internal import Networks

/// A net that learns while one looks on: where its gradient goes on the way back through time, and
/// why.
///
/// The training runs on a thread of its own; the scene draws the newest snapshot of it and sends
/// orders.
public final class GradientsScene: Scene {
  /// What the keyboard does.
  enum Mode {
    case watching
    case command(LineEditor)
    /// The selected knob's exact value is typed.
    case value(LineEditor)
    case help
    /// All commands of the command line.
    case commandHelp
  }

  /// What Tab goes through, the most important first.
  enum Panel: Int, CaseIterable {
    case flow, loss, updates, matrix, accuracy, norms, histograms, verdict
  }

  let runner: LabRunner
  /// What to look for, of a preset.
  let lookFor: String?
  var snapshot: LabSnapshot?
  /// The settings as they were turned; the snapshot's may still be on their way.
  var settings: LabSettings
  var mode = Mode.watching
  var knob = Knob.gain
  var focus = Panel.flow
  var isZoomed = false
  public var hasMouse = true
  var message: (text: String, isError: Bool)?
  var commandHistory: [String] = []
  private var noticeNumber = 0
  private var nextCondition = 1
  /// The number under which the recording was asked for that is to be stepped through.
  private var pendingRecording: Int?
  private var recordingNumber = 0
  private var captured: LabCapture?
  /// Opens as soon as the loop comes by.
  private var nextScene: StepScene?
  private var hasAppeared = false
  /// Where things are in the last picture, for the mouse.
  var places = GradientsPlaces()
  public private(set) var textCursor: (x: Int, y: Int)?
  /// Whether the last picture was only the request for a larger terminal.
  var isTooSmall = false

  /// - Parameters:
  ///   - runner: of one lane, whose thread was not started yet.
  ///   - settings: the lane's.
  ///   - lookFor: what to look for, in a sentence.
  public init(runner: LabRunner, settings: LabSettings, lookFor: String? = nil) {
    self.runner = runner
    self.settings = settings
    self.lookFor = lookFor
  }

  /// Trains a net like `cell` to recall a symbol.
  ///
  /// - Throws: `TaskError` where there is no such task.
  public convenience init(training cell: Equations.Cell, hiddenSize: Int) throws(TaskError) {
    let settings = LabSettings(cell: cell, hiddenSize: hiddenSize)
    self.init(runner: try LabRunner([(cell.name, settings)]), settings: settings)
  }

  var lane: LaneSnapshot? { snapshot?.lanes.first }

  /// Carries out orders without a thread, for `unroll shot` and tests.
  public func performNow(_ orders: LabOrder...) {
    for order in orders { runner.send(order) }
    take(runner.performNow())
  }

  public var tickMilliseconds: Int? { nextScene == nil ? nil : 1 }

  public func appear(wake: @escaping @Sendable () -> Void) {
    runner.start(wake: wake)
    if !hasAppeared { runner.send(.resume) }
    hasAppeared = true
  }

  public func disappear() { runner.rest() }

  public func show(message text: String, isError: Bool = false) { message = (text, isError) }

  // MARK: Snapshots

  /// The training has something new to show.
  func takeNews() -> [SceneEffect] {
    if let new = runner.takeSnapshot() { take(new) }
    guard let capture = runner.takeCapture() else { return [] }
    recordingNumber += 1
    pendingRecording = recordingNumber
    captured = capture
    let request = RecordingRequest(network: capture.network, input: capture.input, loss: .targets)
    return [.run(request, number: recordingNumber)]
  }

  private func take(_ new: LabSnapshot) {
    snapshot = new
    guard let notice = new.notice, notice.number != noticeNumber else { return }
    noticeNumber = notice.number
    show(message: notice.text, isError: notice.isError)
  }

  // MARK: Stepping through an update

  public func finish(_ result: any Sendable, for request: Int) {
    guard request == pendingRecording, let recording = result as? Recording,
      let captured
    else { return }
    pendingRecording = nil
    self.captured = nil
    message = nil
    let scene = StepScene(
      recording: recording, vocabulary: nil,
      modelName: "\(Self.name(of: settings)), update \(captured.update)",
      modelSummary: "\(settings.task.kind.rawValue), sequence \(captured.sequence) of the batch")
    scene.hasMouse = hasMouse
    nextScene = scene
  }

  /// The scene that has been made ready, once.
  func takeNextScene() -> [SceneEffect] {
    guard let nextScene else { return [] }
    self.nextScene = nil
    return [.open(nextScene)]
  }

  // MARK: Orders

  /// Turns or sets knobs.
  func change(_ new: LabSettings) {
    let effect = settings.effect(of: new)
    settings = new
    runner.send(.change([new]))
    switch effect {
    case .none: break
    case .keepsTraining: show(message: "the weights stay")
    case .keepsWeights: show(message: "the weights stay; the optimiser starts afresh")
    case .restarts: show(message: "restarts")
    }
  }

  /// Adds a condition to run to.
  ///
  /// - Throws: what was expected.
  func addCondition(_ text: String) throws(CommandError) {
    do throws(LabConditionError) {
      let condition = try LabCondition(number: nextCondition, text: text, lanes: [settings])
      runner.send(.addCondition(condition))
      show(message: "break \(nextCondition): \(text);  Space runs to it")
      nextCondition += 1
    } catch {
      throw CommandError(error.description)
    }
  }

  /// "rnn/tanh/orthogonal".
  static func name(of settings: LabSettings) -> String {
    [Knob.cell, .activation, .initializer].compactMap { $0.text(settings) }.joined(separator: "/")
  }

  // MARK: Drawing

  public func draw(in grid: inout Grid) {
    textCursor = nil
    places = GradientsPlaces()
    isTooSmall = grid.width < 80 || grid.height < 24
    guard !isTooSmall else {
      drawTooSmall(in: &grid)
      return
    }
    drawPicture(in: &grid)
    switch mode {
    case .help: HelpOverlay.draw("Keys", Self.keyHelp, in: &grid)
    case .commandHelp:
      let rows = LabCommandLine.words.map { word in
        KeyHelp(
          keys: word.name,
          action: word.argument.isEmpty ? word.help : "\(word.argument)  \(word.help)")
      }
      HelpOverlay.draw("Commands", rows, in: &grid)
    default: break
    }
  }

  func setTextCursor(x: Int, y: Int) { textCursor = (x, y) }

  private func drawTooSmall(in grid: inout Grid) {
    let by = grid.medium.isUnicode ? "×" : "x"
    _ = grid.drawText(
      "need 80\(by)24, have \(grid.width)\(by)\(grid.height)", x: 0, y: 0,
      style: Style(.warning), width: grid.width)
    _ = grid.drawText("q quits", x: 0, y: 1, style: .plain, width: grid.width)
  }
}

/// Where the last picture shows what: for mouse clicks.
struct GradientsPlaces {
  var knobs: [(knob: Knob, row: Int, columns: Range<Int>)] = []
  var panels: [(panel: GradientsScene.Panel, rect: Rect)] = []
  /// Hints at the bottom that can be clicked, by the key that they stand for.
  var hints: [(key: Key, row: Int, columns: Range<Int>)] = []
}
