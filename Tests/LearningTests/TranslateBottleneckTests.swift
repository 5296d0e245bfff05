import Foundation
import Testing

/// `unroll bottleneck` as a user runs it.
@Suite(.serialized) struct TranslateBottleneckTests {
  private struct Answer: Decodable {
    struct Model: Decodable {
      let name: String
      let lengths: [Int]
      let exactMatch: [Double]
      let count: [Int]
    }
    let models: [Model]
  }

  private let pairs = """
    the red dog\tle chien rouge
    the small dog\tle petit chien
    the small dogs sleep .\tnon
    """

  private func run(
    _ arguments: [String], in folder: URL
  ) throws -> (status: Int32, output: String, errors: String) {
    let process = Process()
    process.executableURL = URL(filePath: CommandLine.arguments[0])
      .deletingLastPathComponent().appending(path: "unroll")
    process.arguments = ["bottleneck"] + arguments
    process.currentDirectoryURL = folder
    let output = Pipe(), errors = Pipe()
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let text = try output.fileHandleForReading.readToEnd() ?? Data()
    let message = try errors.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (
      process.terminationStatus, String(decoding: text, as: UTF8.self),
      String(decoding: message, as: UTF8.self)
    )
  }

  private func inFolder(_ body: (TrainProgram) throws -> Void) throws {
    let program = try TrainProgram()
    defer { program.remove() }
    try Data(pairs.utf8).write(to: program.file("p.tsv"))
    try body(program)
  }

  /// Two of a file's three sentences are easy, the third is said to mean something else.
  @Test func figuresOfAFile() throws {
    try inFolder { program in
      let result = try run(
        ["--pairs", "p.tsv", "--format", "json", "--out", "o.json", "--svg", "o.svg"],
        in: program.folder)
      #expect(result.status == 0 && result.output.isEmpty, "\(result.errors)")
      let answer = try JSONDecoder().decode(Answer.self, from: program.bytes("o.json"))
      #expect(answer.models.map(\.name) == BottleneckNames.all)
      for model in answer.models {
        #expect(model.lengths == [3, 5] && model.count == [2, 1])
        #expect(model.exactMatch == [1, 0], "\(model)")
      }
      let svg = String(decoding: try program.bytes("o.svg"), as: UTF8.self)
      #expect(svg.hasPrefix("<svg") || svg.hasPrefix("<?xml"))
      for name in BottleneckNames.all { #expect(svg.contains(name)) }
    }
  }

  @Test func otherFormats() throws {
    try inFolder { program in
      let models = ["translate-transformer", "--pairs", "p.tsv"]
      let csv = try run(models + ["--format", "csv"], in: program.folder)
      #expect(
        csv.output == "model,length,count,exactMatch\ntranslate-transformer,3,2,1.0\n"
          + "translate-transformer,5,1,0.0\n")
      let text = try run(models, in: program.folder)
      #expect(text.status == 0)
      for part in ["translate-transformer", "100.0% ██████████", "0.0%", "66.6%"] {
        #expect(text.output.contains(part), "\(part) in \(text.output)")
      }
    }
  }

  /// Generated sentences: at most so many of each length, the same ones for a seed.
  @Test func generatedSentences() throws {
    try inFolder { program in
      let arguments = ["translate-gru-none", "--count", "3", "--format", "json"]
      let first = try run(arguments, in: program.folder)
      let answer = try JSONDecoder().decode(Answer.self, from: Data(first.output.utf8))
      let model = try #require(answer.models.first)
      #expect(model.count.allSatisfy { (1...3).contains($0) } && model.lengths.count > 8)
      #expect(model.lengths == model.lengths.sorted() && model.lengths.last == 16)
      #expect(try run(arguments + ["--seed", "1"], in: program.folder).output == first.output)
    }
  }

  @Test func usage() throws {
    try inFolder { program in
      try Data("no tab\n".utf8).write(to: program.file("bad.tsv"))
      for (arguments, status, part) in [
        (["--count", "0"], Int32(64), "--count: expected a number from 1"),
        (["--pairs", "p.tsv", "--count", "3"], 64, "--count is for generated sentences"),
        (["prose", "--pairs", "p.tsv"], 1, "prose is a recurrent network"),
        (["translate-gru-nne", "--pairs", "p.tsv"], 1, "translate-gru-none"),
        (["it", "it"], 64, "the model it is given twice"),
        (["--pairs", "bad.tsv"], 1, "bad.tsv:1: expected one tab, found none"),
      ] {
        let result = try run(arguments, in: program.folder)
        #expect(result.status == status && result.errors.contains(part), "\(result.errors)")
      }
    }
  }
}
