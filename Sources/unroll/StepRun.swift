internal import Assets
internal import Canvas
internal import Checkpoints
internal import Debugger
internal import Networks
internal import Scenes

/// Makes the step scene of a model and an input.
enum StepRun {
  /// The first of the shipped sentences.
  static var defaultText: String {
    Assets.text(.text, named: "sentences")?.split(separator: "\n").first.map(String.init)
      ?? "unroll"
  }

  /// - Throws: an input too long for this machine's memory.
  static func scene(
    model: Model, input: RunInput, showsTour: Bool = false
  ) throws(ModelError) -> StepScene {
    try Trace.checkMemory(model.network, seqLen: input.seqLen, isBackward: true)
    return StepScene(
      recording: request(model: model, input: input).run(), vocabulary: model.vocabulary,
      modelName: model.name, modelSummary: model.summary, warnings: model.warnings,
      showsTour: showsTour)
  }

  /// Whether a run takes long enough to be announced: from about half a second on, at three products
  /// of two operations a weight and step, and 10¹¹ a second.
  static func isLong(_ model: Model, _ input: RunInput) -> Bool {
    6 * Double(model.network.layout.count) * Double(input.seqLen) > 5e10
  }

  static func request(model: Model, input: RunInput) -> RecordingRequest {
    RecordingRequest(
      network: model.network, input: input,
      loss: model.predictsTokens
        ? .nextToken : input.targets == nil ? .sumOfSquares : .targets,
      answers: model.answers)
  }
}
