import Foundation
import Tensors
import Testing

@testable import Equations

/// The canonical text of whole files.
@Suite struct FormatterTests {
  private func formatted(_ text: String) throws -> String {
    var parser = try Parser(source: SourceText(name: "test", text: text))
    return Formatter.text(try parser.statements())
  }

  /// Shipped files are written as the formatter writes.
  @Test(arguments: Cell.shippedNames)
  func shippedCell(name: String) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../assets/cells/\(name).cell")
    let source = try String(contentsOf: file, encoding: .utf8)
    #expect(try formatted(source) == source)
    #expect(try Cell(name: name, text: source).text == source)
  }

  @Test func commentsAndNotesAreKept() throws {
    let text = """
      #   What this is.
      #
      #\tand more


      state h , c   #carried
      const  α=  2*0.5 # a number
      init U=identity(1)  #   start
      # in between
      c = W@x#short
      hh = tanh(U*2)   # longer
      h = c
      """
    #expect(
      try formatted(text) == """
        #   What this is.
        #
        #\tand more


        state h, c         # carried
        const α = 2 ⊙ 0.5  # a number
        init U = identity  # start
        # in between
        c = W·x           # short
        hh = tanh(U ⊙ 2)  # longer
        h = c

        """)
  }

  @Test(arguments: [
    "uniform", "uniform(-1, 1)", "normal(0, 0.01)", "xavier", "xavier(2)", "he", "he(0.5)",
    "orthogonal", "orthogonal(1.2)", "identity", "identity(0.9)", "0", "1", "-0.5", "1e-20",
    "1e+20", "123456789012345680",
  ])
  func initialisers(text: String) throws {
    let source = "state h\ninit W = \(text)\nh = W·x\n"
    let once = try formatted(source)
    #expect(try formatted(once) == once)
    #expect(try Cell(name: "t", text: once).parameters[0].initializer != nil)
    let first = try Cell(name: "t", text: source).parameters[0].initializer
    #expect(try Cell(name: "t", text: once).parameters[0].initializer == first)
  }

  @Test func randomFiles() throws {
    for seed in 500..<800 as Range<UInt64> {
      var programs = RandomPrograms(seed: seed)
      var lines: [String] = []
      for index in 0..<1 + programs.random.below(6) {
        let note = programs.random.below(2) == 0 ? "" : "   #  note \(index)  "
        lines.append("v\(index)=\(programs.spelling(programs.tree(3)))\(note)")
        if programs.random.below(3) == 0 { lines.append("# comment \(index)") }
        if programs.random.below(3) == 0 { lines.append("") }
      }
      let text = lines.joined(separator: programs.random.below(2) == 0 ? "\n" : "\r\n")
      let once = try formatted(text)
      #expect(try formatted(once) == once)
      for index in 0..<lines.count where text.contains("note \(index)") {
        #expect(once.contains("  # note \(index)\n"))
      }
      // Notes of neighbouring lines stand one below the other.
      for block in once.split(separator: "\n\n") {
        var columns: Set<Int> = []
        for line in block.split(separator: "\n") {
          if line.hasPrefix("#") { columns = [] }
          if let sign = line.unicodeScalars.firstIndex(of: "#"), !line.hasPrefix("#") {
            columns.insert(line.unicodeScalars.distance(from: line.startIndex, to: sign))
            #expect(columns.count == 1, "\(once)")
          }
        }
      }
    }
  }
}
