internal import ArgumentParser
internal import Checkpoints
internal import Learning

/// `unroll train pairs`: the sentences that translating models are trained on.
struct TrainPairsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pairs",
    abstract: "Write sentence pairs, English and French, for unroll train translate.",
    discussion: """
      The sentences come from a grammar and a seed. Held-out sentences say an adjective of a noun \
      that no training sentence says of it. A line is ENGLISH<TAB>FRENCH.
      """)

  @Option(help: ArgumentHelp("The file to write.", valueName: "file"), completion: .file())
  var out: String
  @Option(parsing: .unconditional, help: "How many pairs.") var count = 20_000
  @Option(parsing: .unconditional, help: "The same seed gives the same pairs.") var seed: UInt64 = 1
  @Flag(help: "Pairs to measure by, none of which is trained.") var heldOut = false

  func validate() throws {
    if out.isEmpty { throw ValidationError("--out is empty; expected a file to write") }
    guard (1...1_000_000).contains(count) else {
      throw ValidationError("--count: expected a number from 1 to 1000000, found \(count)")
    }
  }

  func run() throws {
    let pairs = PairGenerator().pairs(heldOut ? .heldOut : .training, count: count, seed: seed)
    try AtomicFile.write(to: out) { output throws(FileError) in
      try output.write(PairsFile.text(of: pairs))
    }
  }
}
