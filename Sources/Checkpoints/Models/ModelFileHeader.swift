internal import Equations
internal import Networks

/// Reads the description in the metadata of one of our model files.
struct ModelFileHeader {
  let file: SafetensorsFile

  /// No real network comes near; a file that claims more is broken, and its sizes must not overflow.
  private static let largestSize = 1 << 24
  private static let mostLayers = 1 << 12

  func read(
    cell: Cell?, activation: Function?
  ) throws(FileError) -> (NetworkConfiguration, Vocabulary?) {
    let version = try number(.version, upTo: Int.max)
    guard version <= ModelFile.version else {
      throw mismatch(.version, "at most \(ModelFile.version)", "\(version)")
    }
    let equations = if let cell { cell } else { try readCell(activation) }
    let vocabulary = try readVocabulary()
    let size = try number(.inputSize, upTo: Self.largestSize)
    let input: TokenInput
    switch try text(.input) {
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
    case let other: throw mismatch(.input, "vectors, one-hot or embedding", Printable.quote(other))
    }
    if let vocabulary, let rows = input.vocabularySize, vocabulary.count != rows {
      throw mismatch(.vocabulary, "\(rows) tokens, as the input has", "\(vocabulary.count)")
    }
    let outputSize =
      file.metadata[ModelFile.Key.outputSize.rawValue] == nil
      ? nil : try number(.outputSize, upTo: Self.largestSize)
    let configuration = NetworkConfiguration(
      input: input, cell: equations, hiddenSize: try number(.hiddenSize, upTo: Self.largestSize),
      numLayers: try number(.numLayers, upTo: Self.mostLayers),
      isBidirectional: try flag(.bidirectional), outputSize: outputSize,
      hasOutputBias: file["output.bias"] != nil)
    return (configuration, vocabulary)
  }

  private func readCell(_ activation: Function?) throws(FileError) -> Cell {
    let name = try text(.cell), equations = try text(.equations)
    let written = try text(.activation)
    guard let known = Function(activation: written) else {
      throw mismatch(
        .activation, Suggestion.listed(Function.activations.map(\.asciiName)),
        Printable.quote(written))
    }
    do throws(EquationError) {
      return try Cell(
        name: name, text: equations, source: name, activation: activation ?? known)
    } catch {
      throw mismatch(.equations, "a cell", error.summary)
    }
  }

  /// The names of the outputs; nil where they have none.
  func readClasses(count: Int?) throws(FileError) -> [String]? {
    guard let classes = try names(.classes) else { return nil }
    guard classes.count == count else {
      throw mismatch(
        .classes, count.map { "\($0) names, as the output has" } ?? "none without an output layer",
        "\(classes.count)")
    }
    return classes
  }

  /// A list of names; nil where the key is not there.
  private func names(_ key: ModelFile.Key) throws(FileError) -> [String]? {
    guard let json = file.metadata[key.rawValue] else { return nil }
    var names: [String] = []
    do throws(JSONParser.Failure) {
      guard case .array(let elements) = try JSONParser.parse(Array(json.utf8)) else {
        throw JSONParser.Failure(
          offset: 0, expected: key == .classes ? "an array of names" : "an array of tokens",
          found: "another value")
      }
      for element in elements {
        guard case .string(let name) = element else {
          throw JSONParser.Failure(offset: 0, expected: "strings", found: element.summary)
        }
        names.append(name)
      }
    } catch {
      throw mismatch(key, error.expected, error.found)
    }
    return names
  }

  private func readVocabulary() throws(FileError) -> Vocabulary? {
    guard let tokens = try names(.vocabulary) else { return nil }
    let unit = try text(.unit)
    guard let unit = Vocabulary.Unit(rawValue: unit) else {
      throw mismatch(.unit, "characters or words", Printable.quote(unit))
    }
    return Vocabulary(tokens: tokens, unit: unit)
  }

  // MARK: Values

  private func text(_ key: ModelFile.Key) throws(FileError) -> String {
    guard let text = file.metadata[key.rawValue] else {
      throw mismatch(key, "a value", "none")
    }
    return text
  }

  private func number(_ key: ModelFile.Key, upTo limit: Int) throws(FileError) -> Int {
    let text = try text(key)
    guard let number = Int(text), (1...limit).contains(number) else {
      let range = limit == Int.max ? "a whole number from 1 on" : "a number from 1 to \(limit)"
      throw mismatch(key, range, Printable.quote(text))
    }
    return number
  }

  private func flag(_ key: ModelFile.Key) throws(FileError) -> Bool {
    let text = try text(key)
    guard let flag = Bool(text) else { throw mismatch(key, "true or false", Printable.quote(text)) }
    return flag
  }

  private func mismatch(_ key: ModelFile.Key, _ expected: String, _ found: String) -> FileError {
    FileError(
      file: file.path, at: .part("metadata \(key.rawValue)"), expected: expected, found: found)
  }
}
