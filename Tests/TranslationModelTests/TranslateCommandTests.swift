import Checkpoints
import Foundation
import Learning
import Networks
import Tensors
import TestSupport
import Testing

/// `unroll translate`, `unroll trace` and `unroll models` with encoder-decoders, from outside.
@Suite struct TranslateCommandTests {
  private static let text = "The big RED dog"

  private func json(_ text: String) throws -> [String: Any] {
    try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  /// The last line of the text is what the search finds; the object says the same and more.
  @Test(arguments: Sample.allCases, [1, 3])
  func translates(sample: Sample, beam: Int) throws {
    let folder = try TemporaryFolder()
    let path = try sample.file(in: folder)
    let result = try Program.run(
      "translate", path, "--text", Self.text, "--format", "text", "--beam", "\(beam)",
      "--max-words", "5")
    #expect(result.status == 0 && result.err == "", "\(result.err)")
    let model = try open(path)
    let search = BeamSearch(
      model: model.model, source: [9, 5, 8, 7], start: 1, end: 2,
      options: .init(width: beam, mostWords: 5))
    let french = try SentenceVocabulary(tokens: Sample.french.tokens, language: .french)
    let translation = french.decode(search.best)
    #expect(result.out.hasSuffix("\n\(translation)\n"))

    let object = try json(
      try Program.run(
        "translate", path, "--text", Self.text, "--format", "json", "--beam", "\(beam)",
        "--max-words", "5"
      ).out)
    #expect(object["translation"] as? String == translation)
    #expect(object["source_tokens"] as? [String] == ["the", "big", "red", "dog"])
    #expect(object["source_ids"] as? [Int] == [9, 5, 8, 7])
    let best = try #require(search.results.first)
    let ids = search.best.map(Int.init) + [2]
    #expect(object["output_ids"] as? [Int] == ids)
    #expect(object["output_tokens"] as? [String] == ids.map { Sample.french.tokens[$0] })
    // The words' log-probabilities are those of the search, whose past was kept.
    let logs = try #require(object["log_probabilities"] as? [Double])
    #expect(logs.count == ids.count)
    #expect(abs(logs.reduce(0, +) - search.nodes[best].total) <= 1e-4)
    let results = try #require(
      (object["beam"] as? [String: Any])?["results"] as? [[String: Any]])
    #expect(results.count == search.results.count)
    for (found, wanted) in zip(results, search.results) {
      #expect(abs(try #require(found["score"] as? Double) - search.score(wanted)) <= 1e-9)
    }
    let alignment = object["alignment"] as? [[Double]]
    #expect((alignment == nil) == (sample == .none))
    for row in alignment ?? [] {
      #expect(row.count == 4 && abs(row.reduce(0, +) - 1) <= 1e-5)
    }
    #expect(alignment?.count ?? ids.count == ids.count)
    let heads = object["cross_attention"] as? [[[[Double]]]]
    #expect((heads == nil) == (sample != .transformer))
    if let heads, let alignment {
      #expect(heads.count == 2 && heads[1].count == 2)
      for row in alignment.indices {
        for key in 0..<4 {
          let mean = (heads[1][0][row][key] + heads[1][1][row][key]) / 2
          #expect(abs(mean - alignment[row][key]) <= 1e-6)
        }
      }
    }
  }

  @Test func forcedWords() throws {
    let folder = try TemporaryFolder()
    let path = try Sample.additive.file(in: folder)
    let result = try Program.run(
      "translate", path, "--text", "a cat", "--format", "text", "--force", "L'chien rouge")
    #expect(result.out.split(separator: "\n").last?.hasPrefix("l'chien rouge") == true)
    let unknown = try Program.run(
      "translate", path, "--text", "a cat", "--format", "text", "--force", "le zébu rouge")
    #expect(unknown.status == 1 && unknown.out == "")
    #expect(unknown.err == "--force: expected words of \(path), found \"zébu\"\n")
  }

  @Test func unknownWordsAreNamed() throws {
    let folder = try TemporaryFolder()
    let path = try Sample.none.file(in: folder)
    let result = try Program.run(
      "translate", path, "--text", "the zebra, the zebra", "--format", "json")
    #expect(result.status == 0)
    #expect(
      result.err
        == "2 of 5 words are not in the vocabulary: \"zebra\" and \",\"; they enter as <unk>\n")
    #expect(
      try json(result.out)["source_tokens"] as? [String]
        == ["the", "<unk>", "<unk>", "the", "<unk>"])
  }

  @Test func refusals() throws {
    let folder = try TemporaryFolder()
    let path = try Sample.transformer.file(in: folder)
    func error(_ arguments: String...) throws -> String {
      let result = try Program.run(["translate"] + arguments)
      #expect(result.status != 0 && result.out == "", "\(result.out)")
      return result.err
    }
    #expect(
      try error(path, "--text", "", "--format", "text")
        == "the text is empty; expected at least one word\n")
    #expect(
      try error(path, "--text", " \t", "--format", "text")
        == "the text holds no word; expected words, not blanks alone\n")
    #expect(
      try error(path, "--text", String(repeating: "the ", count: 9), "--format", "text")
        == "the source has 9 tokens; \(path) takes at most 8, one per position\n")
    #expect(
      try error(path, "--format", "text")
        == "nothing to translate; give --text TEXT or --pairs FILE.tsv\n")
    #expect(try error(path).contains("--format text"))
    #expect(
      try error("names", "--text", "a cat", "--format", "text")
        == "names is a recurrent network, which unroll step and unroll trace open; unroll translate "
        + "opens encoder-decoders\n")
    #expect(
      try error(path, "--text", "a", "--beam", "0").contains(
        "--beam: expected a number from 1 to 256, found 0"))
    let gru = Fixtures.path("pair_gru.safetensors")
    #expect(
      try error(gru, "--text", "a", "--format", "text")
        == "\(gru) is a state dict, which holds no words; unroll trace opens it, with token ids or "
        + "vectors (--input, --target-input)\n")
    let recurrent = try Sample.additive.file(in: folder)
    #expect(
      try error(recurrent, "--text", String(repeating: "the ", count: 201), "--format", "text")
        == "the text has 201 words; expected at most 200\n")
    #expect(
      try error(recurrent, "--text", "a", "--force", "<pad>")
        == "--force: expected words of \(recurrent), found \"<pad>\"\n")
    let step = try Program.run("step", path, "--text", "a cat")
    #expect(
      step.err == "\(path) is an encoder-decoder; unroll translate and unroll trace open it\n")
    let attend = try Program.run("attend", path, "--text", "a cat")
    #expect(attend.err == step.err && attend.status == 1)
  }

  @Test func weightsThatAreNone() throws {
    let folder = try TemporaryFolder()
    let network = try Sample.none.network()
    network.parameters[try #require(network.layout["output.bias"]).offset] = .infinity
    let path = folder.file("a.safetensors")
    try EncoderDecoderFile.save(network, source: Sample.english, target: Sample.french, to: path)
    let result = try Program.run("translate", path, "--text", "a cat", "--format", "text")
    #expect(result.status == 1 && result.out == "")
    #expect(result.err.hasSuffix("output.bias holds inf; a translation would mean nothing\n"))
  }

  // MARK: Pairs

  /// A transformer that says "le chien" whatever it reads: each word alone decides what follows it.
  private func constant() throws -> EncoderDecoder<Float> {
    let model = EncoderDecoder<Float>(try Sample.transformer.configuration())
    for entry in model.layout.entries where entry.name.contains("γ") {
      for index in entry.range { model.parameters[index] = 1 }
    }
    let embedding = try #require(model.layout["decoder.embedding.weight"])
    let output = try #require(model.layout["decoder.output.weight"])
    let (start, end, chien, le) = (1, 2, 5, 8)
    for (place, words) in [(start, le), (le, chien), (chien, end)].enumerated() {
      model.parameters[embedding.offset + words.0 * 4 + place] = 1
      model.parameters[output.offset + words.1 * 4 + place] = 5
    }
    return model
  }

  @Test func scoresPairs() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.safetensors")
    try EncoderDecoderFile.save(
      try constant(), source: Sample.english, target: Sample.french, to: path)
    let pairs = folder.file("pairs.tsv")
    try folder.write(
      "# pairs\nthe dog\tLe chien\n\na cat\tle  chien\nthe big dog\tle chien\nthe red cat\tle rouge\n",
      to: "pairs.tsv")
    let result = try Program.run(
      "translate", path, "--pairs", pairs, "--format", "json", "--beam", "2")
    #expect(result.status == 0, "\(result.err)")
    let object = try json(result.out)
    #expect(object["count"] as? Int == 4 && object["matched"] as? Int == 3)
    #expect(object["exact_match"] as? Double == 0.75)
    let lengths = try #require(object["lengths"] as? [[String: Any]])
    #expect(lengths.map { $0["length"] as? Int } == [2, 3])
    #expect(lengths.map { $0["exact_match"] as? Double } == [1, 0.5])
    let text = try Program.run("translate", path, "--pairs", pairs, "--beam", "2")
    #expect(text.out.hasSuffix("\n3 of 4 right word for word: exact match 75.0%\n"))
  }

  @Test func pairsThatAreNone() throws {
    let folder = try TemporaryFolder()
    let path = try Sample.none.file(in: folder)
    let pairs = try folder.write("the dog\tle chien\nthe cat le chat\n", to: "pairs.tsv")
    let result = try Program.run("translate", path, "--pairs", pairs)
    #expect(result.status == 1 && result.err == "\(pairs):2: expected one tab, found none\n")
    let missing = try Program.run("translate", path, "--pairs", folder.file("none.tsv"))
    #expect(missing.status == 1 && missing.err.contains("none.tsv: cannot open"))
    let long = try folder.write(
      String(repeating: "the ", count: 9) + "\tle\nzebra\tle\n", to: "long.tsv")
    let warned = try Program.run(
      "translate", try Sample.transformer.file(in: folder), "--pairs", long)
    #expect(
      warned.err
        == "1 of 2 sentences: words not in the vocabulary, which enter as <unk>\n"
        + "1 of 2 sentences: more than 8 words, which count as wrong\n")
  }

  // MARK: Trace and models

  @Test(arguments: [Sample.additive, .transformer])
  func traces(sample: Sample) throws {
    let folder = try TemporaryFolder()
    let path = try sample.file(in: folder)
    let out = folder.file("trace.safetensors")
    let result = try Program.run(
      "trace", path, "--text", "the red dog", "--target", "le chien rouge", "--backward", "--out",
      out)
    #expect(result.status == 0 && result.err == "", "\(result.err)")
    let file = try SafetensorsFile(path: out)
    #expect(try file.integers("input_tokens") == [9, 8, 7])
    #expect(try file.integers("decoder.input_tokens") == [1, 8, 5, 9])
    #expect(try file.integers("output_tokens") == [8, 5, 9, 2])
    let shapes: [(String, [Int])] =
      sample == .additive
      ? [
        ("encoder.layer0.h", [3, 2]), ("encoder.layer1.reverse.c", [3, 2]),
        ("decoder.layer0.c", [4, 4]), ("alignment", [4, 3]), ("context", [4, 4]),
        ("attention.scores", [4, 3]), ("grad.alignment", [4, 3]), ("grad.context", [4, 4]),
        ("grad.encoder.layer0.h", [3, 2]), ("grad.param.attention.v", [5]),
      ]
      : [
        ("encoder.layer0.attention", [2, 3, 3]), ("decoder.layer1.attention", [2, 4, 4]),
        ("decoder.layer0.cross.attention", [2, 4, 3]),
        ("grad.decoder.layer0.cross.attention", [2, 4, 3]),
        ("encoder.last_hidden_state", [3, 4]), ("grad.encoder.embeddings", [3, 4]),
        ("grad.param.decoder.layer1.W_QE", [4, 4]),
      ]
    for (name, shape) in shapes + [
      ("logits", [4, 11]), ("probabilities", [4, 11]), ("loss", [4]),
    ] {
      #expect(file[name]?.shape == shape, "\(name)")
    }
    let probabilities = try file.floats("probabilities"), losses = try file.floats("loss")
    for (row, word) in [8, 5, 9, 2].enumerated() {
      #expect(abs(-log(probabilities[row * 11 + word]) - losses[row]) <= 1e-4)
    }
  }

  /// Without a target it is the model's own translation.
  @Test func tracesItsOwnTranslation() throws {
    let folder = try TemporaryFolder()
    let path = try Sample.own.file(in: folder)
    let out = folder.file("trace.npz")
    #expect(try Program.run("trace", path, "--text", "the dog", "--out", out).status == 0)
    let trace = try json(try Program.run("trace", path, "--text", "the dog").out)
    let translated = try json(
      try Program.run("translate", path, "--text", "the dog", "--format", "json").out)
    let tokens = (trace["values"] as? [String: [String: Any]])?["output_tokens"]?["data"] as? [Int]
    #expect(tokens != nil && tokens == translated["output_ids"] as? [Int])
  }

  @Test func tracesStateDicts() throws {
    let folder = try TemporaryFolder()
    let source = try folder.write("4\n1\n6\n2\n5\n", to: "source.csv")
    let target = try folder.write("1\n7\n3\n3\n", to: "target.csv")
    let gru = Fixtures.path("pair_gru.safetensors")
    let out = folder.file("trace.safetensors")
    let result = try Program.run(
      "trace", gru, "--input", source, "--target-input", target, "--out", out)
    #expect(result.status == 0 && result.err == "", "\(result.err)")
    let expected = try SafetensorsFile(path: Fixtures.path("pair_gru.expected.safetensors"))
    #expect(
      largestDifference(
        try SafetensorsFile(path: out).floats("logits"), try expected.floats("logits")) <= 1e-5)
    let alone = try Program.run("trace", gru, "--input", source)
    #expect(alone.status == 1 && alone.err.contains("give those of both sides with --input and"))
    let set = try Program.run("trace", gru, "--input", source, "--set", "t=1: h = 0")
    #expect(set.err == "--set is for other models; \(gru) is an encoder-decoder\n")
    let other = try Program.run("trace", "prose", "--text", "a", "--target", "b")
    #expect(other.status == 1 && other.err == "--target is for encoder-decoders\n")
    let wrong = try folder.write("4\n99\n", to: "wrong.csv")
    let ids = try Program.run("trace", gru, "--input", wrong, "--target-input", target)
    #expect(ids.err == "expected token ids of the source from 0 to 6, found 99\n")
    // Without embeddings both sides are rows of numbers.
    let bare = try folder.write(
      try tensors(of: gru).filter { !$0.name.contains("embedding") }, to: "bare.safetensors")
    let rows = try folder.write("1,2,3,4,5\n", to: "rows.csv")
    #expect(
      try Program.run("trace", bare, "--input", rows, "--target-input", rows).status == 0)
    let shape = try Program.run("trace", bare, "--input", rows, "--target-input", target)
    #expect(shape.err == "--target-input \(target): expected [T, 5] numbers, found [4, 1]\n")
    let missing = try Program.run("trace", bare, "--input", rows)
    #expect(missing.err.contains("takes vectors, [T, 5] and [T, 5]; give --input and "))
  }
}
