internal import Networks

/// The keys of the metadata that describe a model in one of unroll's own files; all others are free.
protocol MetadataKey: RawRepresentable<String>, CaseIterable {}

/// Those of a model with one list of tokens.
protocol VocabularyKey: MetadataKey {
  /// JSON: the tokens.
  static var vocabulary: Self { get }
  /// Whether these are characters or words.
  static var unit: Self { get }
}

/// The metadata of a file that is written.
struct WrittenMetadata<Key: MetadataKey> {
  /// Everything, as it stands in the file.
  private(set) var all: [String: String]

  /// - Parameters:
  ///   - free: facts under keys that do not describe the model.
  ///   - state: arrays that are written beside the weights, each with `ModelFile.statePrefix`.
  init(free: [String: String], state: [NamedArray]) {
    for key in Key.allCases {
      precondition(free[key.rawValue] == nil, "\(key.rawValue) describes the model itself")
    }
    for array in state {
      precondition(
        array.name.hasPrefix(ModelFile.statePrefix),
        "\(array.name) is not \(ModelFile.statePrefix)…")
    }
    all = free
  }

  mutating func set(_ key: Key, _ text: String) { all[key.rawValue] = text }

  mutating func set(_ key: Key, _ names: [String]) throws(FileError) {
    set(key, try JSONWriter.document { json throws(FileError) in try json.value(names) })
  }
}

extension WrittenMetadata where Key: VocabularyKey {
  mutating func set(_ vocabulary: Vocabulary) throws(FileError) {
    try set(.vocabulary, vocabulary.tokens)
    set(.unit, vocabulary.unit.rawValue)
  }
}

/// The metadata of a file that is read; errors name the file and the key.
struct ReadMetadata<Key: MetadataKey> {
  let file: SafetensorsFile
  /// What stands before each key, where a file describes several networks.
  var prefix = ""

  /// The facts that do not describe the model.
  var free: [String: String] { file.metadata.filter { Key(rawValue: $0.key) == nil } }

  func has(_ key: Key) -> Bool { file.metadata[prefix + key.rawValue] != nil }

  func text(_ key: Key) throws(FileError) -> String {
    guard let text = file.metadata[prefix + key.rawValue] else {
      throw mismatch(key, "a value", "none")
    }
    return text
  }

  func json(_ key: Key) throws(FileError) -> JSONValue {
    let bytes = Array(try text(key).utf8)
    do throws(JSONParser.Failure) {
      return try JSONParser.parse(bytes)
    } catch {
      throw mismatch(key, error.expected, error.found)
    }
  }

  /// A list of strings; nil where the key is not there. Messages call them `kind`, such as "names".
  func strings(_ key: Key, _ kind: String) throws(FileError) -> [String]? {
    guard has(key) else { return nil }
    guard case .array(let elements) = try json(key) else {
      throw mismatch(key, "an array of \(kind)", "another value")
    }
    var strings: [String] = []
    for element in elements {
      guard case .string(let string) = element else {
        throw mismatch(key, "strings", element.summary)
      }
      strings.append(string)
    }
    return strings
  }

  func mismatch(_ key: Key, _ expected: String, _ found: String) -> FileError {
    FileError(
      file: file.path, at: .part("metadata \(prefix)\(key.rawValue)"), expected: expected,
      found: found)
  }
}

extension ReadMetadata where Key: VocabularyKey {
  /// The tokens; nil where there are none.
  func vocabulary() throws(FileError) -> Vocabulary? {
    guard let tokens = try strings(.vocabulary, "tokens") else { return nil }
    let unit = try text(.unit)
    guard let unit = Vocabulary.Unit(rawValue: unit) else {
      throw mismatch(.unit, "characters or words", Printable.quote(unit))
    }
    return Vocabulary(tokens: tokens, unit: unit)
  }
}
