public import Equations
public import Networks
public import Tensors

/// unroll's own model files: plain safetensors that describe themselves.
///
/// The tensors are named as in the cell file (`layer0.W_f`, `layer1.reverse.U_o`,
/// `embedding.weight`, `output.weight`, `output.bias`). The metadata hold the equations, the sizes,
/// the vocabulary, and freely how the model was trained.
public enum ModelFile {
  /// The value of the metadata's key `format`.
  static let format = "unroll"
  /// Readers refuse files of a later version.
  static let version = 1
  /// Tensors whose names start so are no weights but what a training needs to go on; loading leaves
  /// them alone, and `SafetensorsFile` reads them.
  public static let statePrefix = "training."

  /// The metadata keys that describe the network; all others are free.
  enum Key: String, VocabularyKey {
    case format
    case version = "format_version"
    case cell, equations, activation
    case hiddenSize = "hidden_size"
    case numLayers = "num_layers"
    case bidirectional
    case input
    case inputSize = "input_size"
    case outputSize = "output_size"
    case vocabulary, unit, classes
  }

  /// Whether a file says that it is one of ours.
  public static func isOne(_ file: SafetensorsFile) -> Bool {
    file.metadata[Key.format.rawValue] == format
  }

  /// Writes a model, whole or not at all. The same model gives the same bytes.
  ///
  /// - Parameters:
  ///   - network: the configuration and the weights.
  ///   - vocabulary: the tokens, where the network takes tokens.
  ///   - classes: the names of the outputs, where they are no tokens.
  ///   - metadata: free facts, such as how it was trained; keys that describe the network are not
  ///     free.
  ///   - state: further arrays, each named with `statePrefix` in front.
  ///   - path: where to write.
  /// - Throws: the system's answer.
  public static func save(
    _ network: Network<Float>, vocabulary: Vocabulary?, classes: [String]? = nil,
    metadata: [String: String] = [:], state: [NamedArray] = [], to path: String
  ) throws(FileError) {
    let configuration = network.configuration
    var description = WrittenMetadata<Key>(free: metadata, state: state)
    description.set(.format, format)
    description.set(.version, "\(version)")
    description.set(.cell, configuration.cell.name)
    description.set(.equations, configuration.cell.text)
    description.set(.activation, configuration.cell.activation.asciiName)
    description.set(.hiddenSize, "\(configuration.hiddenSize)")
    description.set(.numLayers, "\(configuration.numLayers)")
    description.set(.bidirectional, "\(configuration.isBidirectional)")
    description.set(.input, inputKind(configuration.input))
    description.set(.inputSize, "\(configuration.input.inputSize)")
    if let size = configuration.outputSize { description.set(.outputSize, "\(size)") }
    if let vocabulary { try description.set(vocabulary) }
    if let classes { try description.set(.classes, classes) }
    let weights = network.layout.entries.map {
      NamedArray(name: $0.name, shape: $0.shape, data: network.values(of: $0))
    }
    try SafetensorsWriter.write(weights + state, metadata: description.all, to: path)
  }

  /// Writes a model with its own metadata.
  public static func save(_ model: Model, to path: String) throws(FileError) {
    try save(
      model.network, vocabulary: model.vocabulary, classes: model.classes, metadata: model.metadata,
      to: path)
  }

  static func inputKind(_ input: TokenInput) -> String {
    switch input {
    case .vectors: "vectors"
    case .oneHot: "one-hot"
    case .embedding: "embedding"
    }
  }

  /// Opens one of our files.
  ///
  /// - Parameters:
  ///   - file: a file for which `isOne` is true.
  ///   - name: what the model is called; the file's path if nil.
  ///   - cell: equations to run instead of those in the file; they have the same parameters.
  ///   - activation: what φ stands for instead.
  /// - Returns: the model; of the metadata it keeps those that are free.
  /// - Throws: a description that is missing or makes no sense, a tensor that is missing, left over
  ///   or of another shape than the cell's parameter.
  public static func load(
    _ file: SafetensorsFile, name: String? = nil, cell: Cell? = nil, activation: Function? = nil
  ) throws(FileError) -> Model {
    let header = ModelFileHeader(file: file)
    let (configuration, vocabulary) = try header.read(cell: cell, activation: activation)
    let classes = try header.readClasses(count: configuration.outputSize)
    let layout = ParameterLayout(configuration)
    let names = file.names.filter { !$0.hasPrefix(statePrefix) }
    try file.checkShapes(of: layout, names: names)
    let network = Network<Float>(configuration)
    var filler = ParameterFiller(network: network)
    for entry in layout.entries {
      filler.bind(TensorBinding(entry), to: try file.floats(entry.name))
    }
    return Model(
      name: name ?? file.path, network: network, vocabulary: vocabulary, classes: classes,
      bindings: filler.bindings,
      metadata: header.metadata.free,
      warnings: filler.allWarnings())
  }
}
