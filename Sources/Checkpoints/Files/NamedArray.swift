public import Equations
public import Tensors

/// An array of numbers with a name and a shape, on its way to a file.
public struct NamedArray: Sendable {
  /// The numbers, row-major, in the type that they are written in.
  public enum Elements: Sendable {
    case float32([Float])
    /// Numbers that stay where they are until they are written.
    case view(BufferView<Float>)
    case float64([Double])
    case int64([Int64])
    case int32([Int32])
    case uint8([UInt8])
  }

  public let name: String
  /// Empty for a single number.
  public let shape: [Int]
  public let elements: Elements

  /// - Precondition: there are as many elements as the shape says.
  public init(name: String, shape: [Int], elements: Elements) {
    precondition(
      shape.reduce(1, *) == elements.count, "\(name): \(elements.count) elements for \(shape)")
    self.name = name
    self.shape = shape
    self.elements = elements
  }

  public init(name: String, shape: [Int], data: [Float]) {
    self.init(name: name, shape: shape, elements: .float32(data))
  }

  public init(name: String, shape: [Int], data: BufferView<Float>) {
    self.init(name: name, shape: shape, elements: .view(data))
  }

  public init(name: String, shape: [Int], data: [Double]) {
    self.init(name: name, shape: shape, elements: .float64(data))
  }

  public init(name: String, shape: [Int], data: [Int]) {
    self.init(name: name, shape: shape, elements: .int64(data.map(Int64.init)))
  }
}

extension NamedArray.Elements {
  /// The number of elements.
  public var count: Int {
    switch self {
    case .float32(let values): values.count
    case .view(let values): values.count
    case .float64(let values): values.count
    case .int64(let values): values.count
    case .int32(let values): values.count
    case .uint8(let values): values.count
    }
  }

  public var type: ElementType {
    switch self {
    case .float32, .view: .float32
    case .float64: .float64
    case .int64: .int64
    case .int32: .int32
    case .uint8: .uint8
    }
  }

  /// - Units: bytes.
  var byteCount: Int { count * type.bitWidth / 8 }

  /// Calls `body` with the elements as they stand in memory, which is little-endian.
  func withBytes<Result>(
    _ body: (RawSpan) throws(FileError) -> Result
  ) throws(FileError) -> Result {
    switch self {
    case .float32(let values): return try unsafe body(values.span.bytes)
    case .view(let view):
      let values = view.array
      return try unsafe body(values.span.bytes)
    case .float64(let values): return try unsafe body(values.span.bytes)
    case .int64(let values): return try unsafe body(values.span.bytes)
    case .int32(let values): return try unsafe body(values.span.bytes)
    case .uint8(let values): return try unsafe body(values.span.bytes)
    }
  }
}

extension [NamedArray] {
  /// Checks that no two arrays have one name, nor any a reserved one, which no format could hold.
  func checkNames(file: String, reserved: [String] = []) throws(FileError) {
    var seen = Set(reserved.map(ExactString.init))
    for array in self where !seen.insert(ExactString(array.name)).inserted {
      throw FileError(
        file: file, expected: "every name once", found: "\(Printable.quote(array.name)) twice")
    }
  }
}
