internal import Foundation

/// Lines of output, written at once so that the progress can be followed through a pipe.
enum Report {
  static func line(_ text: String = "") {
    print(text)
    fflush(nil)
  }

  static func heading(_ text: String) {
    line("\n\(text)\n\(String(repeating: "─", count: text.count))")
  }

  static func fail(_ text: String, code: Int32) -> Never {
    FileHandle.standardError.write(Data("unroll-bench: \(text)\n".utf8))
    exit(code)
  }

  /// A number with so many digits after the point.
  static func number(_ value: Double, _ digits: Int = 2) -> String {
    String(format: "%.\(digits)f", value)
  }

  /// A time in milliseconds with three digits that mean something.
  static func milliseconds(_ seconds: Double) -> String {
    let value = seconds * 1e3
    return number(value, value < 1 ? 3 : value < 10 ? 2 : value < 100 ? 1 : 0)
  }

  static func percent(_ ratio: Double) -> String { "\(number(ratio * 100, 0))%" }

  static func megabytes(_ bytes: Int) -> String { number(Double(bytes) / 1e6, 1) }
}

/// A table that is printed row by row: the columns have fixed widths, the first is left-aligned.
struct Table {
  private let widths: [Int]

  /// Prints the head.
  init(_ columns: [(title: String, width: Int)]) {
    widths = columns.map { max($0.width, $0.title.count) }
    row(columns.map(\.title))
  }

  func row(_ cells: [String]) {
    var line = ""
    for (index, cell) in cells.enumerated() {
      let padding = String(repeating: " ", count: max(0, widths[index] - cell.count))
      line += index == 0 ? cell + padding : "  " + padding + cell
    }
    Report.line(line)
  }
}
