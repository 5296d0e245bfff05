#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// The one owner of a run of floating-point numbers, aligned for the widest vector instructions.
///
/// Buffers are shared by reference: a trace, the scene that draws it and the writer that exports it
/// look at the same memory. A buffer that is being computed is seen by one thread only; once
/// published it is no longer written.
@safe public final class Buffer<Scalar: TensorScalar>: @unchecked Sendable {
  public let count: Int
  /// The first element. Valid as long as the buffer is alive.
  @unsafe public let base: UnsafeMutablePointer<Scalar>
  /// What `free` is given: `base` is aligned within it; nil of a part of another buffer.
  @unsafe private let allocation: UnsafeMutableRawPointer?
  /// The buffer that this one is a part of.
  private let whole: Buffer?

  /// Allocates `count` zeros. Large buffers cost no memory until they are touched.
  public init(count: Int) {
    precondition(count >= 0, "a buffer of \(count) elements")
    let stride = MemoryLayout<Scalar>.stride
    // Rounded up to whole cache lines, so that neighbours never share one.
    let bytes = max(64, (count * stride + 63) & ~63)
    // calloc maps fresh zero pages for large sizes; aligned memory would have to be cleared.
    guard let memory = unsafe calloc(bytes + 64, 1) else {
      preconditionFailure("out of memory: \(bytes) bytes")
    }
    self.count = count
    whole = nil
    unsafe allocation = unsafe memory
    unsafe base = memory.alignedUp(toMultipleOf: 64)
      .bindMemory(to: Scalar.self, capacity: bytes / stride)
  }

  /// A part of another buffer: the same memory.
  public init(partOf whole: Buffer, _ range: Range<Int>) {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= whole.count, "\(range) of \(whole.count)")
    count = range.count
    self.whole = whole
    unsafe allocation = nil
    unsafe base = whole.base + range.lowerBound
  }

  public convenience init(_ elements: some Collection<Scalar>) {
    self.init(count: elements.count)
    var index = 0
    for element in elements {
      unsafe base[index] = element
      index += 1
    }
  }

  deinit { unsafe free(allocation) }

  @inlinable public subscript(index: Int) -> Scalar {
    get {
      precondition(index >= 0 && index < count, "index \(index) of \(count)")
      return unsafe base[index]
    }
    set {
      precondition(index >= 0 && index < count, "index \(index) of \(count)")
      unsafe base[index] = newValue
    }
  }

  // Callers are generic: without it each element would be assigned through a witness table.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func fill(_ value: Scalar) {
    unsafe base.update(repeating: value, count: count)
  }

  public func copy(from other: Buffer) {
    precondition(other.count == count, "\(other.count) elements into \(count)")
    unsafe base.update(from: other.base, count: count)
  }

  public func copy(from elements: [Scalar], at offset: Int = 0) {
    precondition(offset >= 0 && offset + elements.count <= count, "out of the buffer")
    unsafe elements.withUnsafeBufferPointer { source in
      if let first = source.baseAddress {
        unsafe (base + offset).update(from: first, count: source.count)
      }
    }
  }

  /// A copy of the elements in `range`.
  public func array(_ range: Range<Int>) -> [Scalar] {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "\(range) of \(count)")
    return unsafe Array(UnsafeBufferPointer(start: base + range.lowerBound, count: range.count))
  }

  public var array: [Scalar] { array(0..<count) }

  /// Σ x², accumulated in Double.
  public func sumOfSquares(_ range: Range<Int>) -> Double {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "\(range) of \(count)")
    return unsafe Scalar.sumOfSquares(range.count, base + range.lowerBound)
  }

  /// The index of the first element that is NaN or infinite.
  public var firstNonFinite: Int? {
    let index = unsafe Scalar.firstNonFinite(count, base)
    return index < count ? index : nil
  }
}
