public import OrderedCollections

/// A tensor in a safetensors file.
public struct TensorInfo: Equatable, Sendable {
  public let type: ElementType
  /// Empty for a scalar.
  public let shape: [Int]
  /// The tensor's bytes, counted from the end of the header.
  public let bytes: Range<Int>

  /// The number of elements.
  public var count: Int { shape.reduce(1, *) }
}

/// An open safetensors file: names, shapes and metadata at once, numbers when they are asked for.
///
/// Opening reads the header only, so it takes as long for 100 MB as for 1 KB. Everything that the
/// specification demands is checked then: what opens has no overlaps, holes or false sizes.
///
/// - Source: https://huggingface.co/docs/safetensors, format and reference implementation.
public struct SafetensorsFile: Sendable {
  /// The path as the user gave it.
  public var path: String { source.name }

  /// By name, in the order of their bytes in the file.
  public let tensors: OrderedDictionary<String, TensorInfo>

  /// The tensors' names, in the order of their bytes in the file.
  public var names: [String] { Array(tensors.keys) }

  /// Free text about the file.
  public let metadata: [String: String]

  private let source: FileSource
  /// Where the first tensor's bytes start, from the start of the file.
  private let bufferStart: Int

  /// Opens a file.
  ///
  /// - Throws: `FileError`. A PyTorch pickle is answered with the Python lines that convert it.
  public init(path: String) throws(FileError) {
    try self.init(source: FileSource(path: path))
  }

  /// Opens a file that is in memory, for example an embedded one; error messages call it `name`.
  public init(bytes: [UInt8], name: String) throws(FileError) {
    try self.init(source: FileSource(bytes: bytes, name: name))
  }

  private init(source: FileSource) throws(FileError) {
    let header = try SafetensorsHeader(source: source)
    self.source = source
    tensors = header.tensors
    metadata = header.metadata
    bufferStart = header.bufferStart
  }

  /// The type and shape of a tensor, or nil if there is none of this name.
  public subscript(name: String) -> TensorInfo? { tensors[name] }

  /// A tensor's elements, row-major, as `Float`: F32 as they are, F64 and wide integers rounded.
  ///
  /// - Throws: `FileError`: no such tensor, a type without conversion, the file could not be read.
  /// - Complexity: one copy from the system's page cache for F32.
  public func floats(_ name: String) throws(FileError) -> [Float] {
    try reader(name).floats()
  }

  /// A tensor's elements, row-major, as `Double`.
  ///
  /// - Throws: as `floats(_:)`.
  public func doubles(_ name: String) throws(FileError) -> [Double] {
    try reader(name).doubles()
  }

  /// The elements, row-major, of a tensor of whole numbers (BOOL gives 0 and 1).
  ///
  /// - Throws: `FileError`, also for a floating-point tensor.
  public func integers(_ name: String) throws(FileError) -> [Int] {
    try reader(name).integers()
  }

  /// Calls `body` with a tensor's elements, row-major.
  ///
  /// They are not copied where that is possible: F32 at an aligned place of a file of 64 MiB or
  /// more, which is mapped into memory.
  ///
  /// - Note: If another program shortens such a file while `body` runs, the system ends this one
  ///   with SIGBUS. Replacing the file by renaming, as every careful writer does, is harmless. The
  ///   other functions here copy, and throw in such a case.
  /// - Throws: as `floats(_:)`.
  public func withFloats<Result>(
    _ name: String, _ body: (Span<Float>) -> Result
  ) throws(FileError) -> Result {
    let reader = try reader(name)
    if reader.type == .float32,
      let result = source.withMapped(count: reader.count, at: reader.offset, body)
    {
      return result
    }
    let floats = try reader.floats()
    return body(floats.span)
  }

  private func reader(_ name: String) throws(FileError) -> ElementReader {
    guard let tensor = tensors[name] else {
      throw FileError(
        file: path, at: .tensor(name), expected: "one of the file's \(tensors.count) tensors",
        found: "no tensor of this name")
    }
    return ElementReader(
      source: source, place: .tensor(name), type: tensor.type, count: tensor.count,
      offset: bufferStart + tensor.bytes.lowerBound)
  }
}
