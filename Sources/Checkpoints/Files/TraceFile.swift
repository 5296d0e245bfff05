internal import Equations

/// Writes a trace in one of its formats.
///
/// - json: `{"model": …, "tokens": […], "values": {NAME: {"shape": […], "data": [row-major]}}}`,
///   with metadata as further members; non-finite numbers as `"NaN"`, `"Infinity"`, `"-Infinity"`.
/// - csv: a line per number, `name,i,j,k,value`; indices that the array does not have are empty.
///   Model, tokens and metadata are not in it.
/// - npz: an entry per array, and `model`, `tokens` and the metadata as entries of text.
/// - safetensors: model, tokens (a JSON array) and metadata as the file's metadata.
public enum TraceFile {
  /// Writes a file, whole or not at all.
  ///
  /// - Throws: `FileError`: a name that occurs twice, an array of more than three dimensions as
  ///   CSV, or the system's answer.
  public static func write(
    _ trace: TraceExport, as format: TraceFormat, to path: String
  ) throws(FileError) {
    try AtomicFile.write(to: path) { output throws(FileError) in
      try write(trace, as: format, to: output, named: path)
    }
  }

  /// Writes to an open descriptor, which stays open; error messages call it `name`.
  ///
  /// - Throws: `FileError`, as above; with `isBrokenPipe` if nobody reads any more.
  public static func write(
    _ trace: TraceExport, as format: TraceFormat, toDescriptor descriptor: Int32 = 1,
    named name: String = "standard output"
  ) throws(FileError) {
    let output = ByteOutput(descriptor: descriptor, name: name)
    try write(trace, as: format, to: output, named: name)
    try output.flush()
  }

  private static func write(
    _ trace: TraceExport, as format: TraceFormat, to output: ByteOutput, named name: String
  ) throws(FileError) {
    try trace.checkNames(file: name)
    switch format {
    case .json: try writeJSON(trace, to: output)
    case .csv: try writeCSV(trace, to: output, named: name)
    case .npz:
      let texts =
        [NumPyWriter.Texts(name: "model", trace.model), .init(name: "tokens", trace.tokens)]
        + trace.metadata.map { NumPyWriter.Texts(name: $0.0, $0.1) }
      try NumPyWriter.writeArchive(trace.values, texts: texts, to: output, named: name)
    case .safetensors:
      var metadata = ["model": trace.model]
      metadata["tokens"] = try JSONWriter.document { json throws(FileError) in
        try json.value(trace.tokens)
      }
      for (key, text) in trace.metadata { metadata[key] = text }
      try SafetensorsWriter.write(trace.values, metadata: metadata, to: output, named: name)
    }
  }

  // MARK: JSON

  private static func writeJSON(_ trace: TraceExport, to output: ByteOutput) throws(FileError) {
    var json = JSONWriter(to: output)
    try json.beginObject()
    try json.member("model", trace.model)
    try json.key("tokens")
    try json.value(trace.tokens)
    for (key, text) in trace.metadata { try json.member(key, text) }
    try json.key("values")
    try json.beginObject()
    for array in trace.values {
      try json.key(array.name)
      try json.beginObject()
      try json.key("shape")
      try json.value(array.shape)
      try json.key("data")
      switch array.elements {
      case .float32(let values): try json.value(values)
      case .view(let view): try json.value(view.array)
      case .float64(let values): try json.value(values)
      case .int64(let values): try json.value(values.map(Int.init))
      case .int32(let values): try json.value(values.map(Int.init))
      case .uint8(let values): try json.value(values.map(Int.init))
      }
      try json.endObject()
    }
    try json.endObject()
    try json.endObject()
    try output.write("\n")
  }

  // MARK: CSV

  private static func writeCSV(
    _ trace: TraceExport, to output: ByteOutput, named name: String
  ) throws(FileError) {
    if let array = trace.values.first(where: { $0.shape.count > 3 }) {
      throw FileError(
        file: name, at: .part(array.name), expected: "at most 3 dimensions for CSV",
        found: Printable.shape(array.shape))
    }
    try output.write("name,i,j,k,value\n")
    for array in trace.values { try writeRows(of: array, to: output) }
  }

  private static func writeRows(of array: NamedArray, to output: ByteOutput) throws(FileError) {
    switch array.elements {
    case .float32(let values): try writeRows(of: array, values, textCSV, to: output)
    case .view(let view): try writeRows(of: array, view.array, textCSV, to: output)
    case .float64(let values): try writeRows(of: array, values, textCSV, to: output)
    case .int64(let values): try writeRows(of: array, values, \.description, to: output)
    case .int32(let values): try writeRows(of: array, values, \.description, to: output)
    case .uint8(let values): try writeRows(of: array, values, \.description, to: output)
    }
  }

  @inline(__always)
  private static func writeRows<Element>(
    of array: NamedArray, _ values: [Element], _ text: (Element) -> String, to output: ByteOutput
  ) throws(FileError) {
    let name = quoteCSV(array.name)
    let rank = array.shape.count
    let innerCount = array.shape.last ?? 1
    let commas = [UInt8](repeating: UInt8(ascii: ","), count: 4 - rank)
    var chunk: [UInt8] = []
    chunk.reserveCapacity(ByteOutput.chunkSize + name.utf8.count + 256)
    var position = 0
    while position < values.count {
      // All but the last index stay the same for a while.
      var outer = position / innerCount
      var indices = ""
      for size in array.shape.dropLast().reversed() {
        indices = ",\(outer % size)" + indices
        outer /= size
      }
      let start = Array((name + indices + (rank > 0 ? "," : "")).utf8)
      for inner in 0..<innerCount {
        chunk.append(contentsOf: start)
        if rank > 0 { chunk.append(contentsOf: inner.description.utf8) }
        chunk.append(contentsOf: commas)
        chunk.append(contentsOf: text(values[position + inner]).utf8)
        chunk.append(UInt8(ascii: "\n"))
        if chunk.count >= ByteOutput.chunkSize {
          try output.write(chunk)
          chunk.removeAll(keepingCapacity: true)
        }
      }
      position += innerCount
    }
    try output.write(chunk)
  }

  private static func textCSV<Number: BinaryFloatingPoint & CustomStringConvertible>(
    of number: Number
  ) -> String {
    number.isFinite ? number.description : JSONWriter.name(ofNonFinite: number)
  }

  /// A field as RFC 4180 quotes it, if it needs that.
  private static func quoteCSV(_ text: String) -> String {
    let special: Set<Unicode.Scalar> = [",", "\"", "\n", "\r"]
    guard text.unicodeScalars.contains(where: special.contains) else { return text }
    let doubled = text.unicodeScalars.map { $0 == "\"" ? "\"\"" : String($0) }.joined()
    return "\"\(doubled)\""
  }
}
