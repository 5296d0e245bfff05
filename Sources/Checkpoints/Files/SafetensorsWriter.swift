/// Writes safetensors files. The same tensors and metadata give the same bytes.
public enum SafetensorsWriter {
  /// Writes a file, whole or not at all.
  ///
  /// The tensors stand in it in the order given (put wider types first, and all are aligned), the
  /// metadata sorted by key.
  ///
  /// - Throws: `FileError`: two tensors of one name, or the system's answer.
  public static func write(
    _ tensors: [NamedArray], metadata: [String: String] = [:], to path: String
  ) throws(FileError) {
    try AtomicFile.write(to: path) { output throws(FileError) in
      try write(tensors, metadata: metadata, to: output, named: path)
    }
  }

  /// Writes to a descriptor or into memory.
  ///
  /// The output is not flushed; error messages call it `name`.
  public static func write(
    _ tensors: [NamedArray], metadata: [String: String] = [:], to output: ByteOutput,
    named name: String
  ) throws(FileError) {
    try tensors.checkNames(file: name, reserved: [SafetensorsHeader.metadataKey])
    var header = try header(tensors, metadata)
    guard header.count <= SafetensorsHeader.maximumLength else {
      throw FileError(
        file: name, expected: "a header of at most \(SafetensorsHeader.maximumLength) bytes",
        found: "\(header.count)")
    }
    // Readers map the file: the first tensor has to be aligned.
    while !header.count.isMultiple(of: 8) { header.append(UInt8(ascii: " ")) }
    let length = UInt64(header.count)
    try output.write((0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) })
    try output.write(header)
    for tensor in tensors {
      try tensor.elements.withBytes { bytes throws(FileError) in try output.write(bytes) }
    }
  }

  private static func header(
    _ tensors: [NamedArray], _ metadata: [String: String]
  ) throws(FileError) -> [UInt8] {
    let output = ByteOutput()
    var json = JSONWriter(to: output)
    try json.beginObject()
    if !metadata.isEmpty {
      try json.key(SafetensorsHeader.metadataKey)
      try json.beginObject()
      for (key, text) in metadata.sorted(by: { $0.key < $1.key }) { try json.member(key, text) }
      try json.endObject()
    }
    var offset = 0
    for tensor in tensors {
      try json.key(tensor.name)
      try json.beginObject()
      try json.member("dtype", tensor.elements.type.rawValue)
      try json.key("shape")
      try json.value(tensor.shape)
      try json.key("data_offsets")
      try json.value([offset, offset + tensor.elements.byteCount])
      try json.endObject()
      offset += tensor.elements.byteCount
    }
    try json.endObject()
    return output.bytes
  }
}
