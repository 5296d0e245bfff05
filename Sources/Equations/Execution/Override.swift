public import Tensors

/// A value that somebody set by hand: the equation's own result is replaced.
public struct Override: Hashable, Sendable {
  /// Index of the equation in the cell.
  public let equation: Int
  /// The time steps, by the token's index.
  public let times: Range<Int>
  public let units: Range<Int>
  /// One number per unit, or one for all.
  public let values: [Double]

  public init(equation: Int, times: Range<Int>, units: Range<Int>, values: [Double]) {
    precondition(values.count == 1 || values.count == units.count, "\(values.count) numbers")
    self.equation = equation
    self.times = times
    self.units = units
    self.values = values
  }

  func value(ofUnit unit: Int) -> Double {
    values.count == 1 ? values[0] : values[unit - units.lowerBound]
  }
}

/// Where a cell's parameters are in a flat buffer.
public struct ParameterSlice<Scalar: TensorScalar>: Sendable {
  public let buffer: Buffer<Scalar>
  /// Per parameter of the cell, its first element.
  public let offsets: [Int]

  public init(buffer: Buffer<Scalar>, offsets: [Int]) {
    self.buffer = buffer
    self.offsets = offsets
  }

  @unsafe func pointer(_ index: Int) -> UnsafeMutablePointer<Scalar> {
    unsafe buffer.base + offsets[index]
  }
}

/// A run of rows in a buffer: a layer's input, output or gradient, `[T, B, n]`.
public struct BufferView<Scalar: TensorScalar>: Sendable {
  public let buffer: Buffer<Scalar>
  public let offset: Int
  public let count: Int

  public init(_ buffer: Buffer<Scalar>, offset: Int = 0, count: Int? = nil) {
    self.buffer = buffer
    self.offset = offset
    self.count = count ?? buffer.count - offset
    precondition(
      offset >= 0 && self.count >= 0 && offset + self.count <= buffer.count, "view out of bounds")
  }

  @unsafe public var pointer: UnsafeMutablePointer<Scalar> { unsafe buffer.base + offset }

  public var array: [Scalar] { buffer.array(offset..<offset + count) }

  @inlinable public subscript(index: Int) -> Scalar {
    precondition(index >= 0 && index < count, "index \(index) of \(count)")
    return buffer[offset + index]
  }
}
