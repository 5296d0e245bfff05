/// An open `.npy` file: an array of numbers as `numpy.save` writes it.
public struct NumPyFile: Sendable {
  /// The path as the user gave it.
  public var path: String { reader.source.name }

  /// Empty for a single number.
  public let shape: [Int]

  /// The type of the elements in the file.
  public var type: ElementType { reader.type }

  private let reader: ElementReader
  private let isFortranOrder: Bool

  /// Opens a file and checks its header against its size; the numbers are read later.
  ///
  /// - Throws: `FileError`.
  public init(path: String) throws(FileError) {
    try self.init(source: FileSource(path: path))
  }

  /// Opens a file that is in memory; error messages call it `name`.
  public init(bytes: [UInt8], name: String) throws(FileError) {
    try self.init(source: FileSource(bytes: bytes, name: name))
  }

  private init(source: FileSource) throws(FileError) {
    let header = try NumPyHeader(source: source)
    let described = "\(header.type.rawValue) \(Printable.shape(header.shape))"
    guard let size = header.type.byteCount(of: header.shape) else {
      throw FileError(
        file: source.name, at: .part("shape"), expected: "a size below 2^63 bytes",
        found: described)
    }
    guard size == source.count - header.dataStart else {
      throw FileError(
        file: source.name, at: .byte(header.dataStart), expected: "\(size) bytes for \(described)",
        found: "\(source.count - header.dataStart)")
    }
    shape = header.shape
    isFortranOrder = header.isFortranOrder
    reader = ElementReader(
      source: source, place: nil, type: header.type, count: header.shape.reduce(1, *),
      offset: header.dataStart, isBigEndian: header.isBigEndian)
  }

  /// The elements as `Float`, row-major whatever the order in the file; wider types are rounded.
  public func floats() throws(FileError) -> [Float] { inRowMajorOrder(try reader.floats()) }

  /// The elements as `Double`, row-major whatever the order in the file.
  public func doubles() throws(FileError) -> [Double] { inRowMajorOrder(try reader.doubles()) }

  /// The elements of an array of whole numbers, row-major whatever the order in the file.
  ///
  /// - Throws: `FileError`, also for floating-point elements.
  public func integers() throws(FileError) -> [Int] { inRowMajorOrder(try reader.integers()) }

  /// Turns column-major elements (first index fastest) into row-major ones (last index fastest).
  private func inRowMajorOrder<Element>(_ elements: [Element]) -> [Element] {
    guard isFortranOrder, shape.count > 1, !elements.isEmpty else { return elements }
    // Of each dimension, how far apart neighbours are in the file.
    var strides: [Int] = []
    var stride = 1
    for size in shape {
      strides.append(stride)
      stride *= size
    }
    var index = [Int](repeating: 0, count: shape.count)
    var position = 0
    var result: [Element] = []
    result.reserveCapacity(elements.count)
    while true {
      result.append(elements[position])
      var axis = shape.count - 1
      while axis >= 0 {
        index[axis] += 1
        position += strides[axis]
        if index[axis] < shape[axis] { break }
        position -= strides[axis] * shape[axis]
        index[axis] = 0
        axis -= 1
      }
      if axis < 0 { return result }
    }
  }
}
