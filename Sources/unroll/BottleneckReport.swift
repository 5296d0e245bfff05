internal import Checkpoints
internal import Learning

/// Writes exact match by length as text, JSON or CSV.
enum BottleneckReport {
  static func write(
    _ run: BottleneckRun, as format: LabFormat, to path: String?
  ) throws(FileError) {
    try ByteOutput.write(to: path) { output throws(FileError) in
      try write(run, as: format, to: output)
    }
  }

  static func write(
    _ run: BottleneckRun, as format: LabFormat, to output: ByteOutput
  ) throws(FileError) {
    switch format {
    case .json: try writeJSON(run, to: output)
    case .csv: try writeCSV(run, to: output)
    case .text: try output.write(text(run) + "\n")
    }
  }

  private static func writeJSON(_ run: BottleneckRun, to output: ByteOutput) throws(FileError) {
    var json = JSONWriter(to: output)
    try json.beginObject()
    try json.key("models")
    try json.beginArray()
    for curve in run.curves {
      let lengths = curve.match.byLength
      try json.beginObject()
      try json.member("name", curve.name)
      try json.key("lengths")
      try json.value(lengths.map(\.length))
      try json.key("exactMatch")
      try json.value(lengths.map(\.share))
      try json.key("count")
      try json.value(lengths.map(\.count))
      try json.endObject()
    }
    try json.endArray()
    try json.endObject()
    try output.write("\n")
  }

  private static func writeCSV(_ run: BottleneckRun, to output: ByteOutput) throws(FileError) {
    try output.write("model,length,count,exactMatch\n")
    for curve in run.curves {
      for length in curve.match.byLength {
        try output.write("\(field(curve.name)),\(length.length),\(length.count),\(length.share)\n")
      }
    }
  }

  /// A path may hold anything.
  private static func field(_ text: String) -> String {
    guard text.utf8.contains(where: { [44, 34, 10, 13].contains($0) }) else { return text }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }

  // MARK: Text

  /// Cells of the bar of 100%.
  private static let barWidth = 10

  private static func text(_ run: BottleneckRun) -> String {
    var rows = [["words", "sentences"] + run.curves.map(\.name)]
    for (index, length) in run.lengths.enumerated() {
      let figures = run.curves.map { $0.match.byLength[index] }
      rows.append(
        ["\(length)", "\(figures[0].count)"] + figures.map { cell($0.share) })
    }
    rows.append(
      ["all", "\(run.curves.first?.match.count ?? 0)"]
        + run.curves.map { cell($0.match.share ?? 0) })
    return "exact match: translations that are right word for word\n\n"
      + Console.table(rows, rightAligned: [0, 1])
  }

  private static func cell(_ share: Double) -> String {
    let text = TrainTransformerText.percent(share)
    return String(repeating: " ", count: max(0, 6 - text.count)) + text + " " + bar(share)
  }

  /// In eighths of a cell.
  private static func bar(_ share: Double) -> String {
    let eighths = Int((share * Double(barWidth * 8)).rounded())
    let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    return String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
  }
}
