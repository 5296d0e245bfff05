internal import Canvas
internal import Debugger
internal import Learning
internal import Networks

/// A scene that watches nets learn: the training runs on a thread of its own, the scene draws its
/// newest snapshot and sends orders.
protocol LabScene: PanelScene {
  var watch: LabWatch { get set }
  /// The knob that keys turn.
  var knob: Knob { get set }

  /// The settings of all lanes, as they were ordered last; the snapshot's may still be on their way.
  var laneSettings: [LabSettings] { get }
  /// The lane that is stepped through.
  var selectedLane: Int { get }
  /// As the title of what is stepped through.
  func name(ofLane lane: Int) -> String
  /// What the keys go through, and `set` takes.
  var shownKnobs: [Knob] { get }
  var settableKnobs: [Knob] { get }
  func turn(_ direction: Int)
  func set(_ knob: Knob, to text: String) throws(CommandError)
  /// Lets it run, as fast as it may.
  func run()
  /// The runner has something to say.
  func note(_ notice: LabNotice, of snapshot: LabSnapshot)
}

extension LabScene {
  var runner: LabRunner { watch.runner }

  var snapshot: LabSnapshot? { watch.snapshot }

  var isPaused: Bool { !watch.isTicking && snapshot?.state.isPaused ?? true }

  var settableKnobs: [Knob] { shownKnobs }

  func run() { runner.send(.resume) }

  func note(_ notice: LabNotice, of snapshot: LabSnapshot) {
    show(message: notice.text, isError: notice.isError)
  }

  // MARK: The thread

  public func appear(wake: @escaping @Sendable () -> Void) {
    runner.start(wake: wake)
    if !watch.hasAppeared { runner.send(.resume) }
    watch.hasAppeared = true
  }

  public func disappear() { runner.rest() }

  public var tickMilliseconds: Int? { watch.nextScene == nil ? nil : 1 }

  /// Sends an order that ends running at a limited speed.
  func order(_ order: LabOrder) {
    watch.isTicking = false
    runner.send(order)
  }

  func settle() { take(runner.performNow()) }

  /// As `runAndWait`; a sequence that was asked for could not be stepped through.
  func runWithoutTerminal(_ line: String) throws(CommandError) {
    try runAndWait(line)
    guard runner.takeCapture() == nil else { throw CommandError(terminalOnly: line) }
  }

  func take(_ new: LabSnapshot) {
    watch.snapshot = new
    guard let notice = new.notice, notice.number != watch.noticeNumber else { return }
    watch.noticeNumber = notice.number
    note(notice, of: new)
  }

  func takeNews() -> [SceneEffect] {
    if let new = runner.takeSnapshot() { take(new) }
    guard let capture = runner.takeCapture() else { return openNext() }
    watch.captured = capture
    return ask(
      for: RecordingRequest(network: capture.network, input: capture.input, loss: .targets))
      + openNext()
  }

  func tick() -> [SceneEffect] { openNext() }

  // MARK: Stepping through an update

  /// Pauses, and asks for what the step scene needs.
  func open(sequence: Int? = nil) {
    order(.capture(lane: selectedLane, sequence: sequence))
    let lane = laneSettings.count > 1 ? "lane \(selectedLane + 1)'s" : "this"
    show(message: "paused; a sequence of \(lane) update is being prepared")
  }

  public func finish(_ result: any Sendable, for request: Int) {
    guard takes(request), let recording = result as? Recording, let captured = watch.captured
    else { return }
    watch.captured = nil
    message = nil
    let task = laneSettings[captured.lane].task.kind.rawValue
    let scene = StepScene(
      recording: recording, vocabulary: nil,
      modelName: "\(name(ofLane: captured.lane)), update \(captured.update)",
      modelSummary: "\(task), sequence \(captured.sequence) of the batch")
    scene.hasMouse = hasMouse
    watch.nextScene = scene
  }

  /// The scene that has been made ready, once.
  func openNext() -> [SceneEffect] {
    guard let scene = watch.nextScene else { return [] }
    watch.nextScene = nil
    return [.open(scene)]
  }
}
