internal import Canvas
internal import Debugger
public import Equations
public import Learning
internal import Networks

/// A net that learns while one looks on: where its gradient goes on the way back through time, and
/// why.
///
/// The training runs on a thread of its own; the scene draws the newest snapshot of it and sends
/// orders.
public final class GradientsScene: LabScene {
  /// What is typed besides commands.
  enum Line {
    /// The selected knob's exact value.
    case value
  }

  /// What Tab goes through, the most important first.
  enum Panel: Int, CaseIterable {
    case flow, loss, updates, matrix, accuracy, norms, histograms, verdict
  }

  /// What to look for, of a preset.
  let lookFor: String?
  var watch: LabWatch
  var frame = SceneFrame<Line>()
  var focus = Panel.flow
  /// The settings as they were turned; the snapshot's may still be on their way.
  var settings: LabSettings
  var knob = Knob.gain
  /// Where things are in the last picture, for the mouse.
  var places = GradientsPlaces()

  /// - Parameters:
  ///   - runner: of one lane, whose thread was not started yet.
  ///   - settings: the lane's.
  ///   - lookFor: what to look for, in a sentence.
  public init(runner: LabRunner, settings: LabSettings, lookFor: String? = nil) {
    watch = LabWatch(runner)
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

  var laneSettings: [LabSettings] { [settings] }
  var selectedLane: Int { 0 }
  var shownKnobs: [Knob] { Knob.allCases }

  func name(ofLane lane: Int) -> String { Self.name(of: settings) }

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

  /// "rnn/tanh/orthogonal".
  static func name(of settings: LabSettings) -> String {
    [Knob.cell, .activation, .initializer].compactMap { $0.text(settings) }.joined(separator: "/")
  }
}

/// Where the last picture shows what: for mouse clicks.
struct GradientsPlaces {
  var knobs: [(knob: Knob, row: Int, columns: Range<Int>)] = []
  var panels: [(panel: GradientsScene.Panel, rect: Rect)] = []
}
