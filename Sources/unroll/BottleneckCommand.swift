internal import ArgumentParser
internal import Checkpoints
internal import Learning

/// `unroll bottleneck`: what a sentence's length costs with attention and without.
struct BottleneckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bottleneck",
    abstract: "Plot exact match against sentence length: with attention, and without.",
    discussion: """
      Translates sentences that no training has seen and counts those that are right word for \
      word, by the number of words of the source. Without attention all that the decoder knows of \
      a sentence are the encoder's last states, however long it is.

      Without --pairs the sentences are generated held-out ones, \(standardCount) of each length \
      (fewer where the grammar gives fewer; --count). Each translation takes the likeliest word at \
      each step.

      json is {"models": [{"name", "lengths", "exactMatch", "count"}]}, exactMatch from 0 to 1.
      """)

  private static let standardCount = 100

  @Argument(
    help: ArgumentHelp(
      "Models that translate. (default: \(BottleneckRun.shipped.joined(separator: " ")))",
      valueName: "model"))
  var models: [String] = []

  @Option(
    help: ArgumentHelp("Sentences of your own, ENGLISH<TAB>FRENCH.", valueName: "file.tsv"),
    completion: .file())
  var pairs: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The most generated sentences of each length.", valueName: "n"))
  var count: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The same seed gives the same sentences. (default: 1)", valueName: "n"))
  var seed: UInt64?

  @Option(help: "text, json or csv.") var format: LabFormat = .text

  @Option(help: ArgumentHelp("Where to write; stdout if not given.", valueName: "file"))
  var out: String?

  @Option(help: ArgumentHelp("Draw the picture.", valueName: "file")) var svg: String?

  func validate() throws {
    if let count, !(1...10_000).contains(count) {
      throw ValidationError("--count: expected a number from 1 to 10000, found \(count)")
    }
    for (option, isGiven) in [("--count", count != nil), ("--seed", seed != nil)]
    where pairs != nil && isGiven {
      throw ValidationError("\(option) is for generated sentences, not for --pairs")
    }
    if let twice = models.first(where: { model in models.count { $0 == model } > 1 }) {
      throw ValidationError("the model \(twice) is given twice")
    }
    for (option, path) in [("--out", out), ("--svg", svg)] where path?.isEmpty == true {
      throw ValidationError("\(option) is empty; expected a file to write")
    }
  }

  nonisolated func run() throws {
    try MainActor.assumeIsolated { try measure() }
  }

  @MainActor private func measure() throws {
    let translators = try (models.isEmpty ? BottleneckRun.shipped : models).map {
      try TranslateModel($0)
    }
    let sentences =
      try pairs.map { try TrainPairsFile($0).pairs }
      ?? BottleneckRun.sentences(count: count ?? Self.standardCount, seed: seed ?? 1)
    let run = BottleneckRun(translators, on: sentences)
    if let svg {
      try AtomicFile.write(to: svg) { output throws(FileError) in
        try output.write(BottleneckPicture.svg(run))
      }
    }
    try BottleneckReport.write(run, as: format, to: out)
  }
}
