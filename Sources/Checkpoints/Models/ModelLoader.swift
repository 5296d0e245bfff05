internal import Equations
internal import Networks

/// Opens the model that a request describes.
public struct ModelLoader {
  private let request: ModelRequest

  /// Opens a model: shipped, installed, one of our files, a PyTorch state dict, weights for a cell
  /// of one's own, or a new network.
  ///
  /// - Throws: what is wrong with a file, a cell, a name or the options together.
  public static func load(_ request: ModelRequest) throws(ModelError) -> Model {
    try ModelLoader(request: request).load()
  }

  private func load() throws(ModelError) -> Model {
    if request.model != nil, request.weights != nil {
      throw .request("MODEL and --weights are both weights; give one of them")
    }
    if request.weights != nil, request.cell == nil {
      throw .request("--weights needs --cell: the equations that the weights are for")
    }
    guard let (file, name) = try weightsFile() else {
      guard let cell = request.cell else { throw ModelCatalog.unknown(ModelCatalog.defaultName) }
      return try newModel(try CellFile.load(cell, activation: request.activation))
    }
    if let option = request.new.given.first {
      throw .request(
        "\(option) is for a new network (--cell without weights); \(Printable.escape(name, limit: 200)) "
          + "has its own")
    }
    return try open(file, name: name)
  }

  // MARK: Files

  /// The file that holds the weights; nil for a new network.
  private func weightsFile() throws(ModelError) -> (SafetensorsFile, name: String)? {
    func file(_ path: String) throws(ModelError) -> (SafetensorsFile, name: String) {
      if ModelCatalog.exists(path + "/config.json") {
        throw .request(
          "\(Printable.escape(path, limit: 200)) is a Hugging Face folder; \(Self.transformers)")
      }
      do throws(FileError) {
        return (try SafetensorsFile(path: path), path)
      } catch {
        // Whatever is inside: what ends like this was meant to be saved by torch.save.
        let isTorch = [".pt", ".pth", ".bin", ".ckpt"].contains { path.hasSuffix($0) }
        throw .file(
          isTorch && ModelCatalog.exists(path) ? FileKind.pickle.error(path: path) : error)
      }
    }
    if let weights = request.weights { return try file(weights) }
    if request.model == nil, request.cell != nil { return nil }
    let name = request.model ?? ModelCatalog.defaultName
    if name.hasSuffix(".cell") {
      throw .request(
        "\(Printable.escape(name, limit: 200)) is a cell, not a model; give it with --cell")
    }
    let isPath = name.utf8.contains(UInt8(ascii: "/")) || name.hasSuffix(".safetensors")
    if isPath { return try file(name) }
    let shipped = try ModelError.wrap { () throws(FileError) in try ModelCatalog.shipped(name) }
    if let shipped { return (shipped, name) }
    if let installed = ModelCatalog.installed().first(where: { $0.name == name }) {
      return try file(installed.path)
    }
    // A file without an ending, or a .pt: the reader says what it is.
    if ModelCatalog.exists(name) || name.hasSuffix(".pt") || name.hasSuffix(".bin") {
      return try file(name)
    }
    throw ModelCatalog.unknown(name)
  }

  private static let supported =
    "unroll opens its own models and PyTorch state dicts with LSTM, GRU or RNN layers"

  private static let transformers = "unroll attend and unroll trace open transformers"

  private func open(_ file: SafetensorsFile, name: String) throws(ModelError) -> Model {
    if EncoderDecoderFile.isOne(file) { throw TranslationLoader.refusal(name) }
    if ModelFile.isOne(file), request.weights == nil {
      try refuseStateDictOptions(name)
      let cell = try request.cell.map { (cell) throws(ModelError) in
        try CellFile.load(cell, activation: request.activation)
      }
      let model = try ModelError.wrap { () throws(FileError) in
        try ModelFile.load(file, name: name, cell: cell, activation: request.activation)
      }
      if request.activation != nil { try CellFile.checkActivation(of: model.cell) }
      return model
    }
    let vocabulary = try vocabulary()
    if StateDict.isOne(file) { return try openStateDict(file, vocabulary) }
    if let path = request.cell {
      let cell = try CellFile.load(path, activation: request.activation)
      return try ModelError.wrap { () throws(FileError) in
        try NamedParameters(file: file, cell: cell).model(
          vocabulary: vocabulary, embedding: request.embedding, output: request.output)
      }
    }
    if TransformerFile.isOne(file) || AttentionStateDict.isOne(file) {
      throw .request(
        "\(Printable.escape(name, limit: 200)) is a transformer; \(Self.transformers)")
    }
    if NamedParameters.isOne(file) {
      throw .request(
        "\(Printable.escape(name, limit: 200)) holds a cell's parameters by name; --cell FILE says "
          + "which equations they are for")
    }
    throw .file(
      FileError(
        file: file.path, expected: "recurrent layers (weight_ih_l0, …): \(Self.supported)",
        found: Suggestion.listed(Array(file.names.prefix(3)), "and")))
  }

  /// Our own files say all this themselves.
  private func refuseStateDictOptions(_ name: String) throws(ModelError) {
    let given: [(String, Bool)] = [
      ("--vocab", request.vocabulary != nil), ("--prefix", request.prefix != nil),
      ("--embedding", request.embedding != .automatic), ("--output", request.output != .automatic),
    ]
    if let option = given.first(where: \.1)?.0 {
      throw .request(
        "\(option) is for files that don't describe themselves; "
          + "\(Printable.escape(name, limit: 200)) does")
    }
  }

  private func openStateDict(
    _ file: SafetensorsFile, _ vocabulary: NamedVocabulary?
  ) throws(ModelError) -> Model {
    let dict = try ModelError.wrap { () throws(FileError) in
      try StateDict(file: file, prefix: request.prefix)
    }
    let cell = try CellFile.load(
      request.cell ?? dict.layout.cell, activation: request.activation)
    let own = Set(cell.parameters.map(\.name))
    guard own == dict.layout.parameters else {
      let list = cell.parameters.map(\.name.text)
      let expected = dict.layout.parameters.map(\.text).sorted()
      throw .request(
        "\(Printable.escape(file.path, limit: 200)) holds a PyTorch \(dict.layout.module), whose "
          + "parameters are \(Suggestion.listed(expected, "and")); the cell \(cell.name) has "
          + Suggestion.listed(list, "and"))
    }
    return try ModelError.wrap { () throws(FileError) in
      try dict.model(
        cell: cell, vocabulary: vocabulary, embedding: request.embedding, output: request.output)
    }
  }

  private func vocabulary() throws(ModelError) -> NamedVocabulary? {
    guard let path = request.vocabulary else { return nil }
    let tokens = try ModelError.wrap { () throws(FileError) in try VocabularyFile.read(path) }
    return NamedVocabulary(file: path, vocabulary: Vocabulary(tokens: tokens))
  }

  // MARK: A new network

  /// Printable ASCII and the line feed.
  static let printableASCII =
    ["\n"] + (0x20...0x7E).map { String(Unicode.Scalar(UInt8($0))) }

  private func newModel(_ cell: Cell) throws(ModelError) -> Model {
    if request.prefix != nil || request.embedding != .automatic || request.output != .automatic {
      throw .request("--prefix, --embedding and --output are for checkpoints; none is given")
    }
    let new = request.new
    if new.forgetBias != nil { try CellFile.checkForgetBias(of: cell) }
    var configuration = NetworkConfiguration(
      input: .vectors(size: new.inputSize ?? 1), cell: cell,
      hiddenSize: new.hiddenSize ?? NewNetwork.defaultHiddenSize, numLayers: new.numLayers ?? 1,
      isBidirectional: new.isBidirectional)
    var vocabulary: Vocabulary?
    if new.inputSize == nil {
      let tokens = try self.vocabulary()?.vocabulary ?? Vocabulary(tokens: Self.printableASCII)
      configuration.input =
        new.embeddingSize.map { .embedding(vocabularySize: tokens.count, size: $0) }
        ?? .oneHot(vocabularySize: tokens.count)
      configuration.outputSize = tokens.count
      vocabulary = tokens
    } else if request.vocabulary != nil || new.embeddingSize != nil {
      throw .request(
        "a network takes vectors or tokens: --vocab and --embedding-size are for tokens")
    }
    try MachineMemory.check(configuration)
    let network = Network<Float>(configuration)
    network.initialize(new.initialization)
    return Model(name: "new \(cell.name)", network: network, vocabulary: vocabulary)
  }
}
