import Foundation
import TestSupport
import Testing

@testable import Canvas

/// A picture as golden text: the characters, and below them each row's runs of one style.
///
/// `RECORD_SNAPSHOTS=1 swift test --filter ScenesTests` writes them anew; look at what has changed.
enum Snapshot {
  private static let isRecording = ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1"

  /// - Parameters:
  ///   - grid: the picture.
  ///   - name: the file's, without its ending.
  ///   - styles: whether the styles are part of it.
  ///   - sourceLocation: where a difference is reported.
  /// - Throws: a file that can't be written.
  static func expect(
    _ grid: Grid, _ name: String, styles: Bool = true,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let path = Fixtures.path("scenes/\(name).txt")
    var found = grid.text()
    if styles { found += String(repeating: "-", count: 40) + "\n" + self.styles(of: grid) }
    if isRecording {
      try Data(found.utf8).write(to: URL(filePath: path))
      return
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      Issue.record("no snapshot \(name)", sourceLocation: sourceLocation)
      return
    }
    let expected = String(decoding: data, as: UTF8.self)
    if found == expected { return }
    let lines = (expected.split(separator: "\n", omittingEmptySubsequences: false))
    let others = found.split(separator: "\n", omittingEmptySubsequences: false)
    let different = (0..<max(lines.count, others.count)).filter { index in
      index >= lines.count || index >= others.count || lines[index] != others[index]
    }
    let shown = different.prefix(4).map { index in
      "line \(index + 1)\n  expected \(index < lines.count ? lines[index] : "nothing")"
        + "\n  found    \(index < others.count ? others[index] : "nothing")"
    }
    Issue.record(
      "\(name): \(different.count) lines differ\n\(shown.joined(separator: "\n"))",
      sourceLocation: sourceLocation)
  }

  /// "3: 0 title/-+r, 12 text": from which column on which style; plain rows are left out.
  private static func styles(of grid: Grid) -> String {
    var lines = ""
    for y in 0..<grid.height {
      var runs: [String] = []
      var last = Style.plain
      for x in 0..<grid.width {
        let style = grid.cells[y * grid.width + x].style
        if style != last { runs.append("\(x) \(describe(style))") }
        last = style
      }
      if !runs.isEmpty { lines += "\(y): \(runs.joined(separator: ", "))\n" }
    }
    return lines
  }

  private static func describe(_ style: Style) -> String {
    var text = describe(style.foreground)
    if style.background != .default { text += "/" + describe(style.background) }
    let names: [(Attributes, String)] = [
      (.bold, "b"), (.dim, "d"), (.underline, "u"), (.reverse, "r"),
    ]
    let marks = names.filter { style.attributes.contains($0.0) }.map(\.1).joined()
    return marks.isEmpty ? text : text + "+" + marks
  }

  private static func describe(_ paint: Paint) -> String {
    switch paint.kind {
    case .default: "-"
    case .role(let role): "\(role)"
    case .map(let map, let level): "\("\(map)".prefix(1))\(level)"
    case .rgb(let rgb): "#" + String(rgb.hex, radix: 16)
    case .ansi(let index): "ansi\(index)"
    }
  }
}
