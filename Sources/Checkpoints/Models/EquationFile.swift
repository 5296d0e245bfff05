/// A file of equations: of a cell or of a block.
enum EquationFile {
  /// - Returns: the file's text, and its name without folder and ending.
  /// - Throws: a file that can't be read, or that is not UTF-8, be it in a comment.
  static func read(
    _ path: String, ending: String
  ) throws(ModelError) -> (name: String, text: String) {
    let bytes = try ModelError.wrap { () throws(FileError) in
      // Real ones have some hundred bytes; the limit keeps a wrong file from being parsed.
      try FileSource(path: path).readAll(limit: 1 << 20)
    }
    let file = path.split(separator: "/").last ?? ""
    let stem = file.hasSuffix(ending) ? file.dropLast(ending.count) : file
    guard let text = String(validating: bytes, as: UTF8.self) else {
      let lines = TextFile.validPrefix(of: bytes).unicodeScalars.split(
        separator: "\n", omittingEmptySubsequences: false)
      throw .file(
        FileError(
          file: path, at: .line(lines.count, column: (lines.last?.count ?? 0) + 1),
          expected: "text in UTF-8", found: "other bytes"))
    }
    return (String(stem), text)
  }
}
