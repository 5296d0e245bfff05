/// Reads the members of a JSON object by their types; errors name the file and the member.
///
/// A member that is `null` counts as missing.
struct JSONFields {
  let file: String
  /// Where the object stands, such as `model` or `added_tokens[3]`; empty for the whole document.
  let path: String
  let object: JSONObject

  /// Reads a file whose document is an object.
  init(contentsOf file: String) throws(FileError) {
    let document = try JSONValue(contentsOf: file)
    guard case .object(let object) = document else {
      throw FileError(file: file, expected: "a JSON object", found: document.summary)
    }
    self.init(file: file, path: "", object: object)
  }

  /// Takes a value that has to be an object.
  init(file: String, path: String, value: JSONValue) throws(FileError) {
    guard case .object(let object) = value else {
      throw FileError(file: file, at: .part(path), expected: "an object", found: value.summary)
    }
    self.init(file: file, path: path, object: object)
  }

  private init(file: String, path: String, object: JSONObject) {
    self.file = file
    self.path = path
    self.object = object
  }

  /// The full name of a member.
  func name(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  /// The member, unless it is missing or `null`.
  func value(_ key: String) -> JSONValue? {
    switch object[key] {
    case nil, .null?: nil
    case let value?: value
    }
  }

  /// An error about a member.
  func mismatch(_ key: String, expected: String) -> FileError {
    mismatch(key, expected: expected, found: value(key)?.summary ?? "nothing")
  }

  func mismatch(_ key: String, expected: String, found: String) -> FileError {
    FileError(file: file, at: .part(name(key)), expected: expected, found: found)
  }

  func text(_ key: String) throws(FileError) -> String? {
    guard let value = value(key) else { return nil }
    guard case .string(let text) = value else { throw mismatch(key, expected: "a string") }
    return text
  }

  func flag(_ key: String) throws(FileError) -> Bool? {
    guard let value = value(key) else { return nil }
    guard case .bool(let flag) = value else { throw mismatch(key, expected: "true or false") }
    return flag
  }

  /// A whole number in a range.
  func whole(_ key: String, in range: ClosedRange<Int>) throws(FileError) -> Int? {
    guard let value = value(key) else { return nil }
    guard case .integer(let number) = value, range.contains(number) else {
      throw mismatch(
        key, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func number(_ key: String) throws(FileError) -> Double? {
    switch value(key) {
    case nil: return nil
    case .integer(let number)?: return Double(number)
    case .number(let number)?: return number
    case _?: throw mismatch(key, expected: "a number")
    }
  }

  func fields(_ key: String) throws(FileError) -> JSONFields? {
    guard let value = value(key) else { return nil }
    return try JSONFields(file: file, path: name(key), value: value)
  }

  func list(_ key: String) throws(FileError) -> [JSONValue]? {
    guard let value = value(key) else { return nil }
    guard case .array(let elements) = value else { throw mismatch(key, expected: "an array") }
    return elements
  }

  /// The members of an array, which have to be objects.
  func fieldsList(_ key: String) throws(FileError) -> [JSONFields]? {
    guard let elements = try list(key) else { return nil }
    var result: [JSONFields] = []
    for (index, element) in elements.enumerated() {
      result.append(
        try JSONFields(file: file, path: "\(name(key))[\(index)]", value: element))
    }
    return result
  }

  /// A member that has to be there.
  func required<Value>(
    _ key: String, _ expected: String, _ value: Value?
  ) throws(FileError) -> Value {
    guard let value else { throw mismatch(key, expected: expected) }
    return value
  }
}
