internal import Foundation

/// What the command line asks for.
struct BenchmarkOptions {
  static let usage = """
    usage: unroll-bench [--quick] [--program PATH] [NAME ...]

      --quick         fewer rounds and no large cells: less than 20 seconds
      --program PATH  the unroll program to start (default: .build/release/unroll)
      NAME            only these: \(Section.allCases.map(\.rawValue).joined(separator: ", "));
                      or cells whose name and sizes contain NAME, such as "lstm (64,1,100)"
    """

  var isQuick = false
  var wantsHelp = false
  var program = ".build/release/unroll"
  private var names: [String] = []

  init(_ arguments: [String]) throws(BenchmarkError) {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      switch argument {
      case "--quick": isQuick = true
      case "--help", "-h": wantsHelp = true
      case "--program":
        guard let path = rest.popFirst() else {
          throw BenchmarkError("--program: expected a path, found nothing")
        }
        program = path
      case _ where argument.hasPrefix("-"): throw BenchmarkError("unknown option \(argument)")
      default: names.append(argument)
      }
    }
  }

  private var sectionNames: Set<String> { Set(Section.allCases.map(\.rawValue)) }

  /// The names that pick out cells.
  private var cellNames: [String] { names.filter { !sectionNames.contains($0) } }

  func isWanted(_ section: Section) -> Bool {
    // The machine is always told: no figure means anything without it.
    names.isEmpty || section == .machine || names.contains(section.rawValue)
      || section == .cells && !cellNames.isEmpty
  }

  func isWanted(cell: String) -> Bool {
    cellNames.isEmpty || cellNames.contains { cell.contains($0) }
  }
}

/// Something that keeps a measurement from being taken.
struct BenchmarkError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
