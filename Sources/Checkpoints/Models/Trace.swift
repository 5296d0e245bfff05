public import Equations
public import Networks
public import Tensors

/// A model run over an input, with every named value, and after a backward pass every gradient.
///
/// Every `grad.NAME` is the total derivative ∂L/∂NAME of L, the sum of the losses of all steps.
/// `output` is the last layer's state, so its gradient is that state's: all of it, also what comes
/// back through later steps.
public struct Trace {
  public let model: Model
  public let run: NetworkRun
  public var input: RunInput { run.input }
  public var lossKind: LossKind { run.lossKind }
  /// Per step, in nats for `.nextToken`: `[T]`, and `[T-1]` for that.
  public var losses: [Double] { lossKind == .nextToken ? run.losses.dropLast() : run.losses }

  /// A run that was made already.
  public init(model: Model, run: NetworkRun) {
    self.model = model
    self.run = run
  }

  /// Runs the forward pass, and the backward pass if wanted.
  ///
  /// - Parameters:
  ///   - model: the network and the names of its tensors.
  ///   - input: of this model.
  ///   - loss: by default next-token where the model predicts the tokens it takes, else sum-squares.
  ///   - isBackward: whether the gradients are wanted.
  ///   - overrides: values that are set by hand, by layer.
  /// - Throws: a loss that the model can't have, an input too long for this machine's memory.
  public init(
    model: Model, input: RunInput, loss: LossKind? = nil, isBackward: Bool = false,
    overrides: [LayerID: [Override]] = [:]
  ) throws(ModelError) {
    let kind = try Self.lossKind(loss, model: model, input: input)
    try Self.checkMemory(model.network, seqLen: input.seqLen, isBackward: isBackward)
    self.init(
      model: model,
      run: NetworkRun(
        network: model.network, input: input, loss: kind, overrides: overrides,
        isBackward: isBackward))
  }

  public static func lossKind(
    _ wanted: LossKind?, model: Model, input: RunInput
  ) throws(ModelError) -> LossKind {
    let canPredict = model.predictsTokens && input.ids != nil
    guard let wanted else {
      return canPredict ? .nextToken : input.targets == nil ? .sumOfSquares : .targets
    }
    if wanted == .targets, input.targets == nil {
      throw .request("--loss targets needs a model of a task, whose answers are known")
    }
    guard wanted == .nextToken, !canPredict else { return wanted }
    let configuration = model.configuration
    let reason =
      switch (configuration.input.vocabularySize, configuration.outputSize) {
      case (nil, _): "the model takes vectors, not tokens"
      case (_, nil): "the model has no output layer"
      case (.some(let tokens), .some(let outputs)):
        "the model takes \(tokens) tokens and its output layer has \(outputs) rows"
      }
    throw .request("--loss next-token needs a model that predicts its own tokens; \(reason)")
  }

  /// Refuses what could not be allocated.
  public static func checkMemory(
    _ network: Network<Float>, seqLen: Int, isBackward: Bool
  ) throws(ModelError) {
    let configuration = network.configuration
    var perStep = configuration.input.inputSize + 2 * (configuration.outputSize ?? 0)
    for layer in 0..<configuration.numLayers {
      let named = configuration.cell.equations.indices.reduce(0) {
        $0
          + configuration.cell.size(
            of: $1, inputSize: configuration.inputSize(ofLayer: layer),
            hiddenSize: configuration.hiddenSize)
      }
      perStep += named * configuration.directions.count
    }
    try MachineMemory.check(
      floats: Double(perStep) * Double(seqLen) * (isBackward ? 2 : 1), for: "\(seqLen) steps",
      advice: "give a shorter text")
  }
}
