/// A file of equations: of a cell or of a block.
enum EquationFile {
  /// - Returns: the file's text, and its name without folder and ending.
  static func read(
    _ path: String, ending: String
  ) throws(ModelError) -> (name: String, text: String) {
    let bytes = try ModelError.wrap { () throws(FileError) in
      // Real ones have some hundred bytes; the limit keeps a wrong file from being parsed.
      try FileSource(path: path).readAll(limit: 1 << 20)
    }
    let file = path.split(separator: "/").last ?? ""
    let stem = file.hasSuffix(ending) ? file.dropLast(ending.count) : file
    return (String(stem), String(decoding: bytes, as: UTF8.self))
  }
}
