#if _endian(big)
  #error("elements are read as the machine's own: this needs a little-endian one")
#endif

/// A run of numbers in a file, converted to the type that the caller wants.
struct ElementReader {
  let source: FileSource
  let place: FileError.Place?
  let type: ElementType
  let count: Int
  /// Where the first element starts in the file, in bytes.
  let offset: Int
  var isBigEndian = false

  /// The elements as `Float`; wider ones are rounded to nearest.
  func floats() throws(FileError) -> [Float] {
    if type == .float32, !isBigEndian {
      return try source.elements(of: Float.self, count: count, at: offset)
    }
    switch type {
    case .float64: return try convert { (bits: UInt64) in Float(Double(bitPattern: bits)) }
    case .float32: return try convert { (bits: UInt32) in Float(bitPattern: bits) }
    case .float16: return try convert { (bits: UInt16) in Float(Float16(bitPattern: bits)) }
    case .bfloat16: return try convert { (bits: UInt16) in Float(bitPattern: UInt32(bits) << 16) }
    case .bool: return try convert { (byte: UInt8) in byte == 0 ? 0 : 1 }
    case .uint8: return try convert { (value: UInt8) in Float(value) }
    case .int8: return try convert { (value: Int8) in Float(value) }
    case .uint16: return try convert { (value: UInt16) in Float(value) }
    case .int16: return try convert { (value: Int16) in Float(value) }
    case .uint32: return try convert { (value: UInt32) in Float(value) }
    case .int32: return try convert { (value: Int32) in Float(value) }
    case .uint64: return try convert { (value: UInt64) in Float(value) }
    case .int64: return try convert { (value: Int64) in Float(value) }
    default: throw unreadable("numbers that can be converted to F32")
    }
  }

  /// The elements as `Double`: exact, but for integers of more than 53 bits.
  func doubles() throws(FileError) -> [Double] {
    switch type {
    case .float64: return try convert { (bits: UInt64) in Double(bitPattern: bits) }
    case .uint64: return try convert { (value: UInt64) in Double(value) }
    case .int64: return try convert { (value: Int64) in Double(value) }
    case .uint32: return try convert { (value: UInt32) in Double(value) }
    case .int32: return try convert { (value: Int32) in Double(value) }
    // Everything else fits a Float.
    default: return try floats().map(Double.init)
    }
  }

  /// The elements as `Int`, if they are whole numbers that fit.
  func integers() throws(FileError) -> [Int] {
    switch type {
    case .bool: return try convert { (byte: UInt8) in byte == 0 ? 0 : 1 }
    case .uint8: return try convert { (value: UInt8) in Int(value) }
    case .int8: return try convert { (value: Int8) in Int(value) }
    case .uint16: return try convert { (value: UInt16) in Int(value) }
    case .int16: return try convert { (value: Int16) in Int(value) }
    case .uint32: return try convert { (value: UInt32) in Int(value) }
    case .int32: return try convert { (value: Int32) in Int(value) }
    case .int64: return try convert { (value: Int64) in Int(value) }
    case .uint64:
      let values = try convert { (value: UInt64) in value }
      if let large = values.first(where: { $0 > UInt64(Int.max) }) {
        throw FileError(
          file: source.name, at: place, expected: "integers up to \(Int.max)", found: "\(large)")
      }
      return values.map(Int.init)
    default: throw unreadable("whole numbers")
    }
  }

  /// Reads in chunks, so that a conversion needs little memory beside its result.
  @inline(__always)
  private func convert<Raw: FixedWidthInteger & BitwiseCopyable, Output>(
    _ transform: (Raw) -> Output
  ) throws(FileError) -> [Output] {
    try source.checkFitsInMemory(count: count, elementSize: MemoryLayout<Output>.stride)
    let chunkCount = 1 << 16
    var result: [Output] = []
    result.reserveCapacity(count)
    for start in stride(from: 0, to: count, by: chunkCount) {
      let chunk = try source.elements(
        of: Raw.self, count: min(chunkCount, count - start),
        at: offset + start * MemoryLayout<Raw>.stride)
      if isBigEndian {
        for raw in chunk { result.append(transform(raw.byteSwapped)) }
      } else {
        for raw in chunk { result.append(transform(raw)) }
      }
    }
    return result
  }

  private func unreadable(_ expected: String) -> FileError {
    FileError(file: source.name, at: place, expected: expected, found: type.rawValue)
  }
}
