/// The formats that a trace can leave in.
public enum TraceFormat: String, CaseIterable, Sendable {
  case json
  case csv
  case npz
  case safetensors
}

/// Every named value of a run over a text, ready to be written.
public struct TraceExport: Sendable {
  /// The model's name or path.
  public var model: String
  public var tokens: [String]
  /// Further facts; the keys `model`, `tokens` and `values` are taken.
  public var metadata: [(String, String)]
  public var values: [NamedArray]

  public init(
    model: String, tokens: [String], metadata: [(String, String)] = [], values: [NamedArray]
  ) {
    self.model = model
    self.tokens = tokens
    self.metadata = metadata
    self.values = values
  }

  /// Checks that every name occurs once, so that nothing is lost in any format.
  func checkNames(file: String) throws(FileError) {
    try values.checkNames(file: file)
    var seen: Set<ExactString> = []
    for key in ["model", "tokens", "values"] + metadata.map(\.0)
    where !seen.insert(ExactString(key)).inserted {
      throw FileError(
        file: file, at: .part("metadata"), expected: "every key once",
        found: "\(Printable.quote(key)) twice")
    }
  }
}
