internal import ArgumentParser
internal import Checkpoints
internal import Equations

/// `unroll cells`: the equations that come with the program.
struct CellsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cells", abstract: "List the shipped cells and attention blocks, or print one.")

  @Argument(
    help: ArgumentHelp(
      "A shipped cell or block, or a .cell or .block file.", valueName: "name|file"))
  var name: String?

  func run() throws {
    if let name {
      // The canonical text ends with a line feed, and so does what is printed.
      let text = try BlockFile.isOne(name) ? BlockFile.load(name).text : CellFile.load(name).text
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
    try Console.print(Console.table(rows, rightAligned: [2]) + "\n")
    var blocks = [["block", "inputs", "equations", "parameters", "what it is"]]
    for name in Block.shippedNames {
      let block = try BlockFile.load(name)
      blocks.append([
        name, block.inputs.map(\.text).joined(separator: ", "), "\(block.equations.count)",
        block.parameters.map(\.name.text).joined(separator: " "), block.summary,
      ])
    }
    try Console.print(Console.table(blocks, rightAligned: [2]))
  }
}
