internal import Equations
internal import Networks

/// Reads the description in the metadata of one of our model files.
struct ModelFileHeader {
  let metadata: ReadMetadata<ModelFile.Key>
  private var file: SafetensorsFile { metadata.file }

  init(file: SafetensorsFile) { metadata = ReadMetadata(file: file) }

  /// No real network comes near; a file that claims more is broken, and its sizes must not overflow.
  private static let largestSize = 1 << 24
  private static let mostLayers = 1 << 12

  func read(
    cell: Cell?, activation: Function?
  ) throws(FileError) -> (NetworkConfiguration, Vocabulary?) {
    let version = try number(.version, upTo: Int.max)
    guard version <= ModelFile.version else {
      throw metadata.mismatch(.version, "at most \(ModelFile.version)", "\(version)")
    }
    let equations = if let cell { cell } else { try readCell(activation) }
    let vocabulary = try metadata.vocabulary()
    let size = try number(.inputSize, upTo: Self.largestSize)
    let input: TokenInput
    switch try metadata.text(.input) {
    case "vectors": input = .vectors(size: size)
    case "one-hot": input = .oneHot(vocabularySize: size)
    case "embedding":
      guard let rows = file["embedding.weight"]?.shape.first, rows > 0 else {
        throw FileError(
          file: file.path, at: .tensor("embedding.weight"), expected: "[V, \(size)]",
          found: file["embedding.weight"].map { Printable.shape($0.shape) }
            ?? "no tensor of this name")
      }
      input = .embedding(vocabularySize: rows, size: size)
    case let other:
      throw metadata.mismatch(.input, "vectors, one-hot or embedding", Printable.quote(other))
    }
    if let vocabulary, let rows = input.vocabularySize, vocabulary.count != rows {
      throw metadata.mismatch(
        .vocabulary, "\(rows) tokens, as the input has", "\(vocabulary.count)")
    }
    let outputSize =
      metadata.has(.outputSize) ? try number(.outputSize, upTo: Self.largestSize) : nil
    let configuration = NetworkConfiguration(
      input: input, cell: equations, hiddenSize: try number(.hiddenSize, upTo: Self.largestSize),
      numLayers: try number(.numLayers, upTo: Self.mostLayers),
      isBidirectional: try flag(.bidirectional), outputSize: outputSize,
      hasOutputBias: file["output.bias"] != nil)
    return (configuration, vocabulary)
  }

  private func readCell(_ activation: Function?) throws(FileError) -> Cell {
    let name = try metadata.text(.cell), equations = try metadata.text(.equations)
    let written = try metadata.text(.activation)
    guard let known = Function(activation: written) else {
      throw metadata.mismatch(
        .activation, Suggestion.listed(Function.activations.map(\.asciiName)),
        Printable.quote(written))
    }
    do throws(EquationError) {
      return try Cell(
        name: name, text: equations, source: name, activation: activation ?? known)
    } catch {
      throw metadata.mismatch(.equations, "a cell", error.summary)
    }
  }

  /// The names of the outputs; nil where they have none.
  func readClasses(count: Int?) throws(FileError) -> [String]? {
    guard let classes = try metadata.strings(.classes, "names") else { return nil }
    guard classes.count == count else {
      throw metadata.mismatch(
        .classes, count.map { "\($0) names, as the output has" } ?? "none without an output layer",
        "\(classes.count)")
    }
    return classes
  }

  // MARK: Values

  private func number(_ key: ModelFile.Key, upTo limit: Int) throws(FileError) -> Int {
    let text = try metadata.text(key)
    guard let number = Int(text), (1...limit).contains(number) else {
      let range = limit == Int.max ? "a whole number from 1 on" : "a number from 1 to \(limit)"
      throw metadata.mismatch(key, range, Printable.quote(text))
    }
    return number
  }

  private func flag(_ key: ModelFile.Key) throws(FileError) -> Bool {
    let text = try metadata.text(key)
    guard let flag = Bool(text) else {
      throw metadata.mismatch(key, "true or false", Printable.quote(text))
    }
    return flag
  }
}
