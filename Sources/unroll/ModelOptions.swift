internal import ArgumentParser
internal import Checkpoints
internal import Equations
internal import Networks

/// The options by which every command gets a model and what to run it on.
struct ModelOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "A shipped or installed model's name, a file of unroll's own, a PyTorch state dict, or a "
        + "Hugging Face folder.", valueName: "model"))
  var model: String?

  @Option(help: ArgumentHelp("A shipped cell's name, or a cell file.", valueName: "name|file"))
  var cell: String?

  @Option(help: ArgumentHelp("Weights named as in the cell file.", valueName: "file"))
  var weights: String?

  @Option(
    help: ArgumentHelp("The tokens: a JSON array, or an object of ids.", valueName: "file"))
  var vocab: String?

  @Option(help: "What φ stands for: tanh, relu, sigmoid, leaky_relu, elu, gelu or gelu_tanh.")
  var activation: Function?

  @Option(help: ArgumentHelp("The embedding's tensor, or none.", valueName: "name"))
  var embedding: String?

  @Option(help: ArgumentHelp("The output layer's tensor, or none.", valueName: "name"))
  var output: String?

  @Option(help: "The module to open, where a state dict has several.")
  var prefix: String?

  @OptionGroup(title: "A new network") var new: NewNetworkOptions
  @OptionGroup(title: "Input") var text: InputOptions

  func validate() throws {
    if text.input != nil, new.inputSize != nil {
      throw ValidationError("--input tells the input size; leave --input-size away")
    }
  }

  /// What is asked for, without the files being opened.
  func request() throws -> ModelRequest {
    var request = ModelRequest()
    request.model = model
    request.cell = cell
    request.weights = weights
    request.vocabulary = vocab
    request.activation = activation
    request.embedding = TensorChoice(embedding)
    request.output = TensorChoice(output)
    request.prefix = prefix
    request.new = new.network
    if cell != nil, model == nil, weights == nil, let file = text.input {
      request.new.inputSize = try InputFile(path: file).columnCount
    }
    return request
  }

  /// Opens the model; its warnings go to stderr.
  func load() throws -> Model {
    let model = try ModelLoader.load(try request())
    for warning in model.warnings { Console.warn("\(model.name): warning: \(warning)") }
    return model
  }

  /// What the model is run on: `--text`, `--text-file`, `--input`, or `defaultText`.
  ///
  /// - Throws: an input that the model can't take, or none at all.
  func input(for model: Model, defaultText: String? = nil) throws -> RunInput {
    let shape = ShapeModel(model)
    if let picture = try shape?.picture(text) { return picture }
    if let path = text.input { return model.withAnswers(try model.input(file: path)) }
    let ownText = defaultText.map { shape?.defaultText ?? $0 }
    if let given = try text.content() ?? ownText {
      return model.withAnswers(try model.input(text: given))
    }
    let option =
      model.configuration.input.vocabularySize == nil
      ? "--input FILE.npy or FILE.csv" : "--text TEXT or --text-file FILE"
    throw ModelError.request("nothing to run the model on; give \(option)")
  }
}

/// A network that is made anew, from a cell without weights.
struct NewNetworkOptions: ParsableArguments {
  @Option(help: "Hidden size H (default: 32).") var hidden: Int?
  @Option(help: "Number of layers (default: 1).") var layers: Int?
  @Flag(help: "Run each layer in both directions.") var bidirectional = false
  @Option(help: "Numbers per step, for a network without tokens.") var inputSize: Int?
  @Option(help: "Columns of a trained embedding (default: one-hot tokens).")
  var embeddingSize: Int?
  @Option(help: "Seed of the random weights (default: 1).") var seed: UInt64?
  @Option(
    name: .customLong("init"), parsing: .unconditional,
    help: ArgumentHelp(
      "Recurrent matrices: \(Initializer.names.joined(separator: ", ")); also normal(0, 0.1).",
      valueName: "initialiser"))
  var initializer: Initializer?
  @Option(parsing: .unconditional, help: "Multiplies what --init draws.") var gain: Double?
  @Option(
    help: ArgumentHelp(
      "Matrices of the input (default: uniform, as PyTorch).", valueName: "initialiser"))
  var inputInit: Initializer?
  @Option(
    help: ArgumentHelp(
      "The output layer's matrix (default: uniform, as PyTorch).", valueName: "initialiser"))
  var outputInit: Initializer?
  @Option(parsing: .unconditional, help: "The bias of the forget gate.") var forgetBias: Double?

  func validate() throws {
    let sizes: [(String, Int?, Int)] = [
      ("--hidden", hidden, 1 << 16), ("--layers", layers, 1 << 10),
      ("--input-size", inputSize, 1 << 20), ("--embedding-size", embeddingSize, 1 << 16),
    ]
    for (name, value, most) in sizes {
      if let value, !(1...most).contains(value) {
        throw ValidationError("\(name): expected a number from 1 to \(most), found \(value)")
      }
    }
    for (name, value) in [("--gain", gain), ("--forget-bias", forgetBias)] {
      if let value, !value.isFinite {
        throw ValidationError("\(name): expected a finite number, found \(value)")
      }
    }
  }

  var network: NewNetwork {
    var network = NewNetwork()
    network.hiddenSize = hidden
    network.numLayers = layers
    network.isBidirectional = bidirectional
    network.inputSize = inputSize
    network.embeddingSize = embeddingSize
    network.seed = seed
    network.initializer = initializer
    network.gain = gain
    network.forgetBias = forgetBias
    network.inputInitializer = inputInit
    network.outputInitializer = outputInit
    return network
  }
}

/// What a model is run on.
struct InputOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: "The text to run the model on.") var text: String?
  @Option(help: ArgumentHelp("A file with the text; - is standard input.", valueName: "file"))
  var textFile: String?
  @Option(
    help: ArgumentHelp(
      "Numbers [T, I] in a .npy or .csv file; or [T] token ids.", valueName: "file"))
  var input: String?

  func validate() throws {
    let given = [("--text", text), ("--text-file", textFile), ("--input", input)]
      .filter { $0.1 != nil }.map(\.0)
    guard given.count <= 1 else {
      throw ValidationError("\(given[0]) and \(given[1]) are both inputs; give one of them")
    }
  }

  /// The text, from the command line or from the file; nil where neither was given.
  func content() throws -> String? {
    if let text {
      guard !text.isEmpty else {
        throw ValidationError("--text is empty; expected at least one character")
      }
      return text
    }
    return try textFile.map { path in try TextFile.read(path) }
  }

  /// The same, but it may be empty and may hold any bytes of UTF-8: tokenizers put tokens around it.
  func rawContent() throws -> String? {
    if let text { return text }
    return try textFile.map { path in try TextFile.readAny(path) }
  }
}
