internal import Debugger
internal import Learning

/// What a scene keeps of the training that it watches.
struct LabWatch {
  let runner: LabRunner
  /// Nil until the first figures are there.
  var snapshot: LabSnapshot?
  /// Running at a limited speed: one update a tick.
  var isTicking = false
  /// The newest notice of the runner that was shown.
  var noticeNumber = 0
  /// Of the condition that was added last.
  var conditionNumber = 0
  /// The update that is to be stepped through, while its recording is computed.
  var captured: LabCapture?
  /// Opens as soon as the loop comes by.
  var nextScene: StepScene?
  var hasAppeared = false

  /// - Parameter runner: its thread was not started yet.
  init(_ runner: LabRunner) { self.runner = runner }
}
