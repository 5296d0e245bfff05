/// Writes arrays for NumPy: one as `.npy`, several as `.npz`. The same arrays give the same bytes.
public enum NumPyWriter {
  /// An array of texts, which `numpy.load` gives back as `str`.
  ///
  /// NumPy drops NUL characters at the end of a text.
  public struct Texts: Sendable {
    public let name: String
    /// One text, an array of no dimensions, or a list of them.
    public let isSingle: Bool
    public let texts: [String]

    public init(name: String, _ texts: [String]) {
      (self.name, self.texts, isSingle) = (name, texts, false)
    }

    public init(name: String, _ text: String) {
      (self.name, texts, isSingle) = (name, [text], true)
    }
  }

  /// Writes a `.npy` file, whole or not at all; the array's name is not in it.
  public static func write(_ array: NamedArray, to path: String) throws(FileError) {
    try AtomicFile.write(to: path) { output throws(FileError) in
      try output.write(header(of: array))
      try array.elements.withBytes { bytes throws(FileError) in try output.write(bytes) }
    }
  }

  /// Writes a `.npz` file, whole or not at all.
  ///
  /// Each array becomes the entry `NAME.npy`, which is `numpy.load(path)["NAME"]`; so do the texts,
  /// after the arrays.
  public static func writeArchive(
    _ arrays: [NamedArray], texts: [Texts] = [], to path: String
  ) throws(FileError) {
    try AtomicFile.write(to: path) { output throws(FileError) in
      try writeArchive(arrays, texts: texts, to: output, named: path)
    }
  }

  /// Writes a `.npz` archive to a descriptor or into memory.
  ///
  /// The output is not flushed; error messages call it `name`.
  public static func writeArchive(
    _ arrays: [NamedArray], texts: [Texts] = [], to output: ByteOutput, named name: String
  ) throws(FileError) {
    try arrays.checkNames(file: name, reserved: texts.map(\.name))
    var zip = ZipWriter(to: output, file: name)
    for array in arrays {
      try array.elements.withBytes { bytes throws(FileError) in
        try zip.add(array.name + ".npy", header: header(of: array), data: bytes)
      }
    }
    for text in texts {
      let (header, data) = encode(text)
      try unsafe zip.add(text.name + ".npy", header: header, data: data.span.bytes)
    }
    try zip.finish()
  }

  /// Everything of a `.npy` file that stands before the numbers.
  static func header(of array: NamedArray) -> [UInt8] {
    let descriptor =
      switch array.elements {
      case .float32, .view: "<f4"
      case .float64: "<f8"
      case .int64: "<i8"
      case .int32: "<i4"
      case .uint8: "|u1"
      }
    return header(descriptor: descriptor, shape: array.shape)
  }

  private static func header(descriptor: String, shape: [Int]) -> [UInt8] {
    let sizes = shape.map(String.init).joined(separator: ", ")
    // A tuple of one element needs its comma.
    let tuple = "(\(sizes)\(shape.count == 1 ? "," : ""))"
    let text = Array(
      "{'descr': '\(descriptor)', 'fortran_order': False, 'shape': \(tuple), }".utf8)
    // Padded so that the numbers start at a multiple of 64 bytes, as numpy.save does it.
    let isShort = text.count < 65_000
    let preamble = isShort ? 10 : 12
    let length = (preamble + text.count + 1 + 63) / 64 * 64 - preamble
    var header: [UInt8] = [0x93] + Array("NUMPY".utf8) + [isShort ? 1 : 2, 0]
    header += (0..<(isShort ? 2 : 4)).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
    header += text
    header += [UInt8](repeating: UInt8(ascii: " "), count: length - text.count - 1)
    return header + [UInt8(ascii: "\n")]
  }

  /// Texts as NumPy holds them: UTF-32, each padded with NUL to the length of the longest.
  private static func encode(_ array: Texts) -> (header: [UInt8], data: [UInt32]) {
    let width = max(1, array.texts.map(\.unicodeScalars.count).max() ?? 1)
    var data: [UInt32] = []
    data.reserveCapacity(width * array.texts.count)
    for text in array.texts {
      let scalars = text.unicodeScalars.map(\.value)
      data += scalars + [UInt32](repeating: 0, count: width - scalars.count)
    }
    let shape = array.isSingle ? [] : [array.texts.count]
    return (header(descriptor: "<U\(width)", shape: shape), data)
  }
}
