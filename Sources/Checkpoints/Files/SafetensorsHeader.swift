internal import OrderedCollections

/// The header of a safetensors file, with every rule of the format checked.
///
/// `[8 bytes: length N, little-endian][N bytes: JSON][the tensors' bytes]`. The JSON object maps a
/// name to `{"dtype": "F32", "shape": [2, 3], "data_offsets": [begin, end]}`, and `__metadata__` to
/// an object of strings.
struct SafetensorsHeader {
  /// - Units: bytes.
  static let maximumLength = 100_000_000
  static let metadataKey = "__metadata__"

  private(set) var tensors: OrderedDictionary<String, TensorInfo> = [:]
  private(set) var metadata: [String: String] = [:]
  let bufferStart: Int

  private let file: String

  init(source: FileSource) throws(FileError) {
    file = source.name
    let length = try SafetensorsHeader.length(source)
    bufferStart = 8 + length
    let text = try source.elements(of: UInt8.self, count: length, at: 8)
    let document: JSONValue
    do throws(JSONParser.Failure) {
      document = try JSONParser.parse(text)
    } catch {
      throw FileError(
        file: file, at: .byte(8 + error.offset), expected: error.expected, found: error.found)
    }
    guard case .object(let members) = document else {
      throw FileError(
        file: file, at: .byte(8), expected: "a JSON object", found: document.summary)
    }
    var found: [(name: String, info: TensorInfo)] = []
    for (name, value) in members {
      if name == SafetensorsHeader.metadataKey {
        metadata = try readMetadata(value)
      } else {
        found.append((name, try readTensor(name, value)))
      }
    }
    found.sort {
      let (left, right) = ($0.info.bytes, $1.info.bytes)
      return (left.lowerBound, left.upperBound) < (right.lowerBound, right.upperBound)
    }
    try checkCover(found, bufferSize: source.count - bufferStart)
    for (name, info) in found {
      // Swift takes "é" and "e" with a combining accent for one key; nobody could tell them apart.
      guard tensors.updateValue(info, forKey: name) == nil else {
        throw FileError(
          file: file, at: .tensor(name), expected: "names that differ",
          found: "two that differ in Unicode normalisation only")
      }
    }
  }

  private static func length(_ source: FileSource) throws(FileError) -> Int {
    let head = try source.elements(
      of: UInt8.self, count: min(source.count, FileKind.headSize), at: 0)
    if head.count < 9 || head[8] != UInt8(ascii: "{") {
      if let kind = FileKind(head: head) { throw kind.error(path: source.name) }
    }
    guard head.count >= 8 else {
      throw FileError(
        file: source.name, at: .byte(0), expected: "8 bytes of header length",
        found: "\(head.count)")
    }
    let length = head.prefix(8).reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    guard length <= maximumLength else {
      throw FileError(
        file: source.name, at: .byte(0), expected: "a header of at most \(maximumLength) bytes",
        found: "\(length)")
    }
    guard length <= source.count - 8 else {
      throw FileError(
        file: source.name, at: .byte(0), expected: "a header of \(length) bytes",
        found: "\(source.count - 8) bytes up to the end of the file")
    }
    guard length >= 2, head.count > 8, head[8] == UInt8(ascii: "{") else {
      throw FileError(
        file: source.name, at: .byte(8), expected: "\"{\", a safetensors header",
        found: length < 2 ? "a header of \(length) bytes" : Printable.quote(head[8...].prefix(8)))
    }
    return Int(length)
  }

  private func readMetadata(_ value: JSONValue) throws(FileError) -> [String: String] {
    let place = FileError.Place.part(SafetensorsHeader.metadataKey)
    guard case .object(let members) = value else {
      throw FileError(file: file, at: place, expected: "an object", found: value.summary)
    }
    var result: [String: String] = [:]
    for (key, value) in members {
      guard case .string(let text) = value else {
        throw FileError(
          file: file, at: place, expected: "a string for \(Printable.quote(key))",
          found: value.summary)
      }
      result[key] = text
    }
    return result
  }

  private func readTensor(_ name: String, _ value: JSONValue) throws(FileError) -> TensorInfo {
    func mismatch(_ expected: String, _ found: JSONValue?) -> FileError {
      FileError(
        file: file, at: .tensor(name), expected: expected, found: found?.summary ?? "nothing")
    }
    guard case .object(let members) = value else { throw mismatch("an object", value) }
    guard case .string(let typeName)? = members["dtype"] else {
      throw mismatch("a string for dtype", members["dtype"])
    }
    guard let type = ElementType(rawValue: typeName) else {
      throw mismatch("a dtype such as F32", .string(typeName))
    }
    guard case .array(let dimensions)? = members["shape"] else {
      throw mismatch("an array for shape", members["shape"])
    }
    var shape: [Int] = []
    for dimension in dimensions {
      guard case .integer(let size) = dimension, size >= 0 else {
        throw mismatch("whole numbers from 0 up in shape", dimension)
      }
      shape.append(size)
    }
    guard case .array(let offsets)? = members["data_offsets"], offsets.count == 2,
      case .integer(let begin) = offsets[0], case .integer(let end) = offsets[1]
    else {
      throw mismatch("two whole numbers for data_offsets", members["data_offsets"])
    }
    guard 0 <= begin, begin <= end else {
      throw FileError(
        file: file, at: .tensor(name), expected: "data_offsets in ascending order from 0 up",
        found: "[\(begin), \(end)]")
    }
    let described = "\(typeName) \(Printable.shape(shape))"
    guard let size = type.byteCount(of: shape) else {
      throw FileError(
        file: file, at: .tensor(name), expected: "a size in whole bytes below 2^63",
        found: described)
    }
    guard end - begin == size else {
      throw FileError(
        file: file, at: .tensor(name), expected: "\(size) bytes for \(described)",
        found: "\(end - begin)")
    }
    return TensorInfo(type: type, shape: shape, bytes: begin..<end)
  }

  /// Checks that the tensors, ascending by their bytes, lie side by side and fill the buffer.
  private func checkCover(
    _ tensors: [(name: String, info: TensorInfo)], bufferSize: Int
  ) throws(FileError) {
    var end = 0
    var previous = ""
    for (name, info) in tensors {
      guard info.bytes.lowerBound == end else {
        let isHole = info.bytes.lowerBound > end
        let neighbour = previous.isEmpty ? "the header" : "tensor \(Printable.quote(previous))"
        throw FileError(
          file: file, at: .tensor(name),
          expected: "data_offsets from \(end) on, after \(neighbour)",
          found: "\(info.bytes.lowerBound), which \(isHole ? "leaves a hole" : "overlaps")")
      }
      guard info.bytes.upperBound <= bufferSize else {
        throw FileError(
          file: file, at: .tensor(name), expected: "data up to byte \(info.bytes.upperBound)",
          found: "\(bufferSize) bytes of data in the file")
      }
      end = info.bytes.upperBound
      previous = name
    }
    guard end == bufferSize else {
      throw FileError(
        file: file, at: .byte(bufferStart + end), expected: "the end of the file",
        found: "\(bufferSize - end) bytes that belong to no tensor")
    }
  }
}
