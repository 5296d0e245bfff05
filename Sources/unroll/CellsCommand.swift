internal import ArgumentParser
internal import Checkpoints
internal import Equations

/// `unroll cells`: the equations that come with the program.
struct CellsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cells", abstract: "List the shipped cells, or print one.")

  @Argument(help: ArgumentHelp("A shipped cell's name, or a cell file.", valueName: "cell"))
  var name: String?

  func run() throws {
    if let name {
      // The canonical text ends with a line feed, and so does what is printed.
      let text = try CellFile.load(name).text
      try Console.print(text.hasSuffix("\n") ? String(text.dropLast()) : text)
      return
    }
    var rows = [["cell", "states", "equations", "parameters", "what it is"]]
    for name in Cell.shippedNames {
      let cell = try CellFile.load(name)
      rows.append([
        name, cell.states.map(\.text).joined(separator: ", "), "\(cell.equations.count)",
        cell.parameterCountFormula, cell.summary,
      ])
    }
    try Console.print(Console.table(rows, rightAligned: [2]))
  }
}
