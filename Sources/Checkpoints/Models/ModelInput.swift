internal import Equations
public import Networks

extension Model {
  /// Cuts a text into the model's tokens.
  ///
  /// - Throws: a model without a vocabulary, a text without tokens.
  public func input(text: String) throws(ModelError) -> RunInput {
    guard let size = configuration.input.vocabularySize else {
      throw .request(
        "\(shownName) takes vectors of \(configuration.input.inputSize) numbers, not text; "
          + "give them with --input FILE.npy or FILE.csv")
    }
    guard let vocabulary else {
      throw .request(
        "\(shownName) has no vocabulary for text; give its \(size) tokens with --vocab FILE.json, or "
          + "token ids with --input FILE.npy")
    }
    let encoded = vocabulary.encode(text)
    guard !encoded.ids.isEmpty else {
      throw .request(
        text.isEmpty
          ? "the text is empty; expected at least one token"
          : "the text holds no token; expected words, not blanks alone")
    }
    return RunInput(
      source: .tokens(encoded.ids), labels: encoded.tokens, unknownCount: encoded.unknownCount)
  }

  /// Takes token ids.
  public func input(ids: [Int]) throws(ModelError) -> RunInput {
    guard let size = configuration.input.vocabularySize else {
      throw .request(
        "\(shownName) takes vectors of \(configuration.input.inputSize) numbers, not token ids")
    }
    guard !ids.isEmpty else { throw .request("there are no token ids; expected at least one") }
    if let wrong = ids.first(where: { !(0..<size).contains($0) }) {
      throw .request("expected token ids from 0 to \(size - 1), found \(wrong)")
    }
    return RunInput(
      source: .tokens(ids.map { Int32($0) }),
      labels: ids.map { vocabulary?.tokens[$0] ?? String($0) })
  }

  /// Takes vectors, `[T, inputSize]` row-major.
  public func input(vectors: [Float]) throws(ModelError) -> RunInput {
    let size = configuration.input.inputSize
    guard configuration.input.vocabularySize == nil else {
      throw .request("\(shownName) takes tokens, not vectors")
    }
    guard !vectors.isEmpty, vectors.count.isMultiple(of: size) else {
      throw .request("expected [T, \(size)] numbers, found \(vectors.count)")
    }
    let seqLen = vectors.count / size
    return RunInput(
      source: .vectors(vectors), labels: (0..<seqLen).map { String($0) })
  }

  /// Reads `[T, inputSize]` numbers, or `[T]` token ids for a model that takes tokens, from a
  /// `.npy` or a `.csv` file.
  public func input(file path: String) throws(ModelError) -> RunInput {
    try input(InputFile(path: path))
  }

  func input(_ file: InputFile) throws(ModelError) -> RunInput {
    let size = configuration.input.inputSize
    if configuration.input.vocabularySize != nil {
      guard file.columnCount == 1, let ids = file.wholeNumbers else {
        throw .file(
          FileError(
            file: file.path, expected: "[T] whole numbers: token ids, as the model takes tokens",
            found: Printable.shape(file.shape)))
      }
      do throws(ModelError) { return try input(ids: ids) } catch {
        throw .request("\(Printable.escape(file.path, limit: 200)): \(error)")
      }
    }
    guard file.columnCount == size, file.shape.count == 2 else {
      throw .file(
        FileError(
          file: file.path, expected: "[T, \(size)] numbers, as the model takes",
          found: Printable.shape(file.shape)))
    }
    return try input(vectors: file.values)
  }

  var shownName: String { Printable.escape(name, limit: 200) }
}

/// Numbers from a `.npy` or a `.csv` file: one row per step.
public struct InputFile: Sendable {
  public let path: String
  /// `[T, I]`, or `[T]` in a `.npy` file.
  public let shape: [Int]
  /// Row-major.
  public let values: [Float]

  public var rowCount: Int { shape[0] }
  public var columnCount: Int { shape.count == 1 ? 1 : shape[1] }

  /// - Throws: neither format, not one or two dimensions, no rows.
  public init(path: String) throws(ModelError) {
    self.path = path
    if path.hasSuffix(".csv") || path.hasSuffix(".tsv") || path.hasSuffix(".txt") {
      let file = try ModelError.wrap { () throws(FileError) in try CSVFile(path: path) }
      shape = [file.rowCount, file.columnCount]
      values = file.values
    } else {
      let file = try ModelError.wrap { () throws(FileError) in try NumPyFile(path: path) }
      shape = file.shape
      values = try ModelError.wrap { () throws(FileError) in try file.floats() }
    }
    guard (1...2).contains(shape.count), shape.allSatisfy({ $0 > 0 }) else {
      throw .file(
        FileError(
          file: path, expected: "[T, I] numbers, at least one step",
          found: Printable.shape(shape)))
    }
  }

  /// The values, if all are whole numbers.
  var wholeNumbers: [Int]? {
    var result: [Int] = []
    for value in values {
      guard let number = Int(exactly: value) else { return nil }
      result.append(number)
    }
    return result
  }
}
