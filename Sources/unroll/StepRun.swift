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

  static func scene(model: Model, input: RunInput, showsTour: Bool = false) -> StepScene {
    StepScene(
      recording: request(model: model, input: input).run(), vocabulary: model.vocabulary,
      modelName: model.name, modelSummary: model.summary, warnings: model.warnings,
      showsTour: showsTour)
  }

  static func request(model: Model, input: RunInput) -> RecordingRequest {
    RecordingRequest(
      network: model.network, input: input,
      loss: model.predictsTokens
        ? .nextToken : input.targets == nil ? .sumOfSquares : .targets,
      answers: model.answers)
  }
}
