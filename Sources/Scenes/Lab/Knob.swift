internal import Canvas
internal import Equations
internal import Learning

/// A setting of a training that is turned while it runs.
nonisolated enum Knob: String, CaseIterable, Sendable {
  case cell
  case activation
  case initializer = "init"
  case gain
  case forgetBias = "forget-bias"
  case inputScale = "input-scale"
  case learningRate = "lr"
  case clip
  case optimizer
  case seqLen = "seq-len"
  case batch
  case hidden
  case task
  case seed

  /// As the panel shows it.
  var title: String {
    switch self {
    case .activation: "φ"
    case .forgetBias: "forget bias"
    case .inputScale: "input scale"
    case .seqLen: "length T"
    case .batch: "batch B"
    case .hidden: "hidden H"
    default: rawValue
    }
  }

  /// What it is, in a few words.
  var help: String {
    switch self {
    case .cell: "the cell's equations"
    case .activation: "what φ stands for in cells that have one"
    case .initializer: "how the recurrent matrices start"
    case .gain: "multiplies what the initialiser draws"
    case .forgetBias: "where b_f starts; σ of it is what a step keeps of c"
    case .inputScale: "deviation of what the input adds to a unit at the start"
    case .learningRate: "the learning rate: how far an update goes"
    case .clip: "the largest norm of all gradients together"
    case .optimizer: "adam, or sgd with momentum 0.9"
    case .seqLen: "steps of a sequence; the lag grows with it"
    case .batch: "sequences of an update"
    case .hidden: "units of the state"
    case .task: "what is learnt"
    case .seed: "of the first weights and of the data"
    }
  }

  // MARK: Values

  /// The value as it is shown and typed; nil where the cell has no such thing.
  func text(_ settings: LabSettings) -> String? {
    switch self {
    case .cell: settings.cell.name
    case .activation: settings.cell.usesActivation ? settings.cell.activation.asciiName : nil
    case .initializer: Self.name(of: settings.initializer)
    case .gain: NumberText.tick(settings.gain)
    case .forgetBias: hasForgetBias(settings) ? NumberText.tick(settings.forgetBias ?? 0) : nil
    case .inputScale: NumberText.tick(settings.inputScale)
    case .learningRate: NumberText.tick(settings.learningRate)
    case .clip: settings.maximumNorm.map { NumberText.tick($0) } ?? "off"
    case .optimizer: settings.optimizer.rawValue
    case .seqLen: "\(settings.seqLen)"
    case .batch: "\(settings.batchSize)"
    case .hidden: "\(settings.hiddenSize)"
    case .task: settings.task.kind.rawValue
    case .seed: "\(settings.seed)"
    }
  }

  /// What can be typed, where it is one of some names.
  var names: [String] {
    switch self {
    case .cell: Cell.shippedNames
    case .activation: Function.activations.map(\.asciiName)
    case .initializer: Initializer.names
    case .optimizer: OptimizerKind.allCases.map(\.rawValue)
    case .task: TaskKind.allCases.filter { $0 != .text }.map(\.rawValue)
    case .clip: ["off"]
    default: []
    }
  }

  private func hasForgetBias(_ settings: LabSettings) -> Bool {
    settings.cell.hasForgetBias
  }

  /// The initialiser's name, and its arguments where they are not the usual ones.
  private static func name(of initializer: Initializer) -> String {
    if let name = Initializer.names.first(where: { Initializer(name: $0) == initializer }) {
      return name
    }
    switch initializer {
    case .uniform: return "uniform(…)"
    case .normal: return "normal(…)"
    case .xavier(let gain): return "xavier(\(NumberText.tick(gain)))"
    case .he(let gain): return "he(\(NumberText.tick(gain)))"
    case .orthogonal(let gain): return "orthogonal(\(NumberText.tick(gain)))"
    case .identity(let gain): return "identity(\(NumberText.tick(gain)))"
    case .constant(let value): return NumberText.tick(value)
    }
  }
}
