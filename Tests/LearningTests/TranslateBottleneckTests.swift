import Foundation
import TestSupport
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

  private func run(_ arguments: [String], in folder: TemporaryFolder) throws -> Program.Result {
    try Program.run(["bottleneck"] + arguments, in: folder)
  }

  private func inFolder(_ body: (TemporaryFolder) throws -> Void) throws {
    let folder = try TemporaryFolder()
    try folder.write(pairs, to: "p.tsv")
    try body(folder)
  }

  /// Two of a file's three sentences are easy, the third is said to mean something else.
  @Test func figuresOfAFile() throws {
    try inFolder { folder in
      let result = try run(
        ["--pairs", "p.tsv", "--format", "json", "--out", "o.json", "--svg", "o.svg"],
        in: folder)
      #expect(result.status == 0 && result.out.isEmpty, "\(result.err)")
      let answer = try JSONDecoder().decode(Answer.self, from: folder.bytes("o.json"))
      #expect(answer.models.map(\.name) == BottleneckNames.all)
      for model in answer.models {
        #expect(model.lengths == [3, 5] && model.count == [2, 1])
        #expect(model.exactMatch == [1, 0], "\(model)")
      }
      let svg = try folder.text("o.svg")
      #expect(svg.hasPrefix("<svg") || svg.hasPrefix("<?xml"))
      for name in BottleneckNames.all { #expect(svg.contains(name)) }
    }
  }

  @Test func otherFormats() throws {
    try inFolder { folder in
      let models = ["translate-transformer", "--pairs", "p.tsv"]
      let csv = try run(models + ["--format", "csv"], in: folder)
      #expect(
        csv.out == "model,length,count,exactMatch\ntranslate-transformer,3,2,1.0\n"
          + "translate-transformer,5,1,0.0\n")
      let text = try run(models, in: folder)
      #expect(text.status == 0)
      for part in ["translate-transformer", "100.0% ██████████", "0.0%", "66.6%"] {
        #expect(text.out.contains(part), "\(part) in \(text.out)")
      }
    }
  }

  /// Generated sentences: at most so many of each length, the same ones for a seed.
  @Test func generatedSentences() throws {
    try inFolder { folder in
      let arguments = ["translate-gru-none", "--count", "3", "--format", "json"]
      let first = try run(arguments, in: folder)
      let answer = try JSONDecoder().decode(Answer.self, from: Data(first.out.utf8))
      let model = try #require(answer.models.first)
      #expect(model.count.allSatisfy { (1...3).contains($0) } && model.lengths.count > 8)
      #expect(model.lengths == model.lengths.sorted() && model.lengths.last == 16)
      #expect(try run(arguments + ["--seed", "1"], in: folder).out == first.out)
    }
  }

  @Test func usage() throws {
    try inFolder { folder in
      try folder.write("no tab\n", to: "bad.tsv")
      for (arguments, status, part) in [
        (["--count", "0"], Int32(64), "--count: expected a number from 1"),
        (["--pairs", "p.tsv", "--count", "3"], 64, "--count is for generated sentences"),
        (["prose", "--pairs", "p.tsv"], 1, "prose is a recurrent network"),
        (["translate-gru-nne", "--pairs", "p.tsv"], 1, "translate-gru-none"),
        (["it", "it"], 64, "the model it is given twice"),
        (["--pairs", "bad.tsv"], 1, "bad.tsv:1: expected one tab, found none"),
      ] {
        let result = try run(arguments, in: folder)
        #expect(result.status == status && result.err.contains(part), "\(result.err)")
      }
    }
  }
}
