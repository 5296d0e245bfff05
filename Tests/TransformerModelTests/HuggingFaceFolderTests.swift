import Checkpoints
import Foundation
import Networks
import Tensors
import TestSupport
import Testing

/// Folders with small random models: names, types, heads, and what is wrong with them.
@Suite struct HuggingFaceFolderTests {
  static let words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "cat", "sat"]

  static func config(_ changes: [String: String] = [:]) -> String {
    var values = [
      "model_type": "\"bert\"", "vocab_size": "8", "hidden_size": "6",
      "num_attention_heads": "2", "num_hidden_layers": "1", "intermediate_size": "10",
      "max_position_embeddings": "7", "type_vocab_size": "2", "hidden_act": "\"gelu\"",
    ]
    values.merge(changes) { $1 }
    let members = values.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value)" }
    return "{\(members.joined(separator: ", "))}"
  }

  /// A BERT of one layer, with a masked-word head.
  static func bert(prefix: String = "") -> [NamedArray] {
    var generator = SeededRandom(seed: 3)
    var result: [NamedArray] = []
    func add(_ name: String, _ rows: Int, _ columns: Int? = nil) {
      result.append(
        columns.map { random(prefix + name, rows, $0, by: &generator) }
          ?? random(prefix + name, rows, by: &generator))
    }
    func linear(_ name: String, _ inputs: Int, _ outputs: Int) {
      add("\(name).weight", outputs, inputs)
      add("\(name).bias", outputs)
    }
    func norm(_ name: String) {
      add("\(name).weight", 6)
      add("\(name).bias", 6)
    }
    add("embeddings.word_embeddings.weight", 8, 6)
    add("embeddings.position_embeddings.weight", 7, 6)
    add("embeddings.token_type_embeddings.weight", 2, 6)
    norm("embeddings.LayerNorm")
    let layer = "encoder.layer.0."
    for name in ["self.query", "self.key", "self.value", "output.dense"] {
      linear("\(layer)attention.\(name)", 6, 6)
    }
    norm("\(layer)attention.output.LayerNorm")
    linear("\(layer)intermediate.dense", 6, 10)
    linear("\(layer)output.dense", 10, 6)
    norm("\(layer)output.LayerNorm")
    result.append(random("cls.predictions.transform.dense.weight", 6, 6, by: &generator))
    result.append(random("cls.predictions.transform.dense.bias", 6, by: &generator))
    result.append(random("cls.predictions.transform.LayerNorm.weight", 6, by: &generator))
    result.append(random("cls.predictions.transform.LayerNorm.bias", 6, by: &generator))
    result.append(random("cls.predictions.bias", 8, by: &generator))
    return result
  }

  private func folder(
    _ tensors: [NamedArray]? = bert(), config: String = config(), files: [String: String] = [:]
  ) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(config, to: "config.json")
    try folder.write(Self.words.joined(separator: "\n"), to: "vocab.txt")
    for (name, text) in files { try folder.write(text, to: name) }
    if let tensors { try folder.write(tensors, to: "model.safetensors") }
    return folder
  }

  /// Takes the folder itself, so that it outlives the opening.
  private func opened(_ folder: TemporaryFolder) throws -> TransformerModel {
    try open(folder.path)
  }

  private func hidden(_ folder: TemporaryFolder) throws -> [Float] {
    let model = try open(folder.path)
    let trace = try TransformerTrace(model: model, input: try model.input(text: "the cat"))
    return try #require(trace.arrays.byName["last_hidden_state"]).floats
  }

  // MARK: Names and types

  @Test func prefixesAndOldNames() throws {
    let plain = try hidden(try folder())
    let prefixed = Self.bert(prefix: "bert.").map { tensor in
      tensor.renamed(
        tensor.name.replacing("LayerNorm.weight", with: "LayerNorm.gamma")
          .replacing("LayerNorm.bias", with: "LayerNorm.beta"))
    }
    #expect(try hidden(try folder(prefixed)) == plain)
  }

  @Test func ignoredAndUnusedTensors() throws {
    let extra = [
      zeros("pooler.dense.weight", 6, 6),
      NamedArray(name: "embeddings.position_ids", shape: [1, 7], data: Array(0..<7)),
    ]
    #expect(try opened(try folder(Self.bert() + extra)).warnings.isEmpty)
    let unknown = [zeros("classifier.weight", 2, 6), zeros("classifier.bias", 2)]
    #expect(
      try opened(try folder(Self.bert() + unknown)).warnings
        == ["not used: classifier.weight and classifier.bias"])
  }

  /// The numbers of bfloat16 and of float16, written as such and as float32, give the same.
  @Test(arguments: ["BF16", "F16"])
  func halfPrecision(type: String) throws {
    let rounded = Self.bert().map { tensor in
      NamedArray(
        name: tensor.name, shape: tensor.shape,
        data: tensor.floats.map {
          type == "F16"
            ? Float(Float16($0)) : Float(bitPattern: $0.bitPattern & 0xFFFF_0000)
        })
    }
    let half = try folder(nil)
    var header = "{", data: [UInt8] = []
    for tensor in rounded {
      let start = data.count
      for value in tensor.floats {
        let bits = type == "F16" ? Float16(value).bitPattern : UInt16(value.bitPattern >> 16)
        data += [UInt8(bits & 0xFF), UInt8(bits >> 8)]
      }
      header += header == "{" ? "" : ", "
      header += "\"\(tensor.name)\": {\"dtype\": \"\(type)\", \"shape\": \(tensor.shape), "
      header += "\"data_offsets\": [\(start), \(data.count)]}"
    }
    let text = Array((header + "}").utf8)
    let length = (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
    try Data(length + text + data).write(to: URL(filePath: half.file("model.safetensors")))
    #expect(try hidden(half) == hidden(try folder(rounded)))
  }

  @Test func weightsInSeveralFiles() throws {
    let all = Self.bert()
    let parts = try folder(nil)
    try parts.write(Array(all.prefix(4)), to: "part-1.safetensors")
    try parts.write(Array(all.dropFirst(4)), to: "part-2.safetensors")
    let map = all.enumerated().map { index, tensor in
      "\"\(tensor.name)\": \"part-\(index < 4 ? 1 : 2).safetensors\""
    }
    try parts.write(
      "{\"weight_map\": {\(map.joined(separator: ", "))}}", to: "model.safetensors.index.json")
    #expect(try hidden(parts) == hidden(try folder()))
    try parts.write(
      "{\"weight_map\": {\"x\": \"part-1.safetensors\"}}", to: "model.safetensors.index.json")
    #expect(
      message(parts.path).hasSuffix(
        "tensor x: expected the tensor that the index lists, found no tensor of this name"))
  }

  // MARK: Heads and inputs

  /// Logits of the masked-word head, computed here from its definition.
  @Test func maskedWordHead() throws {
    let model = try opened(try folder())
    #expect(model.predictsMaskedTokens && !model.predictsNextToken)
    let trace = try TransformerTrace(model: model, input: try model.input(text: "the [MASK]"))
    let arrays = trace.arrays.byName
    let hidden = try #require(arrays["last_hidden_state"]).floats.map(Double.init)
    let logits = try #require(arrays["logits"])
    #expect(logits.shape == [4, 8])
    let transformed = try #require(arrays["head.transform"])
    #expect(transformed.shape == [4, 6])
    let source = Dictionary(uniqueKeysWithValues: Self.bert().map { ($0.name, $0.floats) })
    func values(_ name: String) throws -> [Double] {
      try #require(source[name]).map(Double.init)
    }
    let weight = try values("cls.predictions.transform.dense.weight")
    let bias = try values("cls.predictions.transform.dense.bias")
    let gain = try values("cls.predictions.transform.LayerNorm.weight")
    let shift = try values("cls.predictions.transform.LayerNorm.bias")
    let table = try values("embeddings.word_embeddings.weight")
    let outputBias = try values("cls.predictions.bias")
    for row in 0..<4 {
      let dense = (0..<6).map { unit in
        let sum = (0..<6).reduce(bias[unit]) {
          $0 + weight[unit * 6 + $1] * hidden[row * 6 + $1]
        }
        return 0.5 * sum * (1 + erf(sum / 2.0.squareRoot()))
      }
      let mean = dense.reduce(0, +) / 6
      let variance = dense.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 6
      let normed = (0..<6).map {
        (dense[$0] - mean) / (variance + 1e-12).squareRoot() * gain[$0] + shift[$0]
      }
      for unit in 0..<6 {
        #expect(abs(Double(transformed.floats[row * 6 + unit]) - normed[unit]) < 1e-5)
      }
      for token in 0..<8 {
        let expected = (0..<6).reduce(outputBias[token]) {
          $0 + table[token * 6 + $1] * normed[$1]
        }
        #expect(abs(Double(logits.floats[row * 8 + token]) - expected) < 1e-5)
      }
    }
  }

  @Test func longTextsAreCut() throws {
    let model = try opened(try folder())
    let input = try model.input(text: "the cat sat the cat sat the cat")
    #expect(input.cutCount == 3)
    #expect(input.run.labels == ["[CLS]", "the", "cat", "sat", "the", "cat", "[SEP]"])
    #expect(input.tokens[5].start == 16)
    let offsets = try #require(
      try TransformerTrace(model: model, input: input).arrays.byName["offsets"])
    #expect(offsets.shape == [7, 2])
    #expect(try model.input(text: "").run.labels == ["[CLS]", "[SEP]"])
    #expect(try model.input(text: "dog").run.unknownCount == 1)
    // One that was asked for is not unknown.
    #expect(try model.input(text: "dog [UNK] cat").run.unknownCount == 1)
  }

  @Test func gradientsOfTheCheckpointsTensors() throws {
    let model = try opened(try folder())
    let input = try model.input(text: "the cat sat")
    let trace = try TransformerTrace(
      model: model, input: input, loss: .sumOfSquares, isBackward: true)
    let gradient = try #require(
      trace.arrays.byName["grad.param.encoder.layer.0.intermediate.dense.weight"])
    #expect(gradient.shape == [10, 6])
    // Finite differences of two of its elements, by opening a changed checkpoint.
    for (row, column) in [(0, 1), (9, 5)] {
      func loss(_ change: Float) throws -> Double {
        let tensors = Self.bert().map { tensor in
          guard tensor.name == "encoder.layer.0.intermediate.dense.weight" else { return tensor }
          var floats = tensor.floats
          floats[row * 6 + column] += change
          return NamedArray(name: tensor.name, shape: tensor.shape, data: floats)
        }
        let model = try opened(try folder(tensors))
        return try TransformerTrace(model: model, input: input, loss: .sumOfSquares)
          .losses.reduce(0, +)
      }
      let step: Float = 0.02
      let difference = try (loss(step) - loss(-step)) / Double(2 * step)
      #expect(abs(difference - Double(gradient.floats[row * 6 + column])) < 2e-3)
    }
  }

  // MARK: What is wrong

  @Test(arguments: [
    (
      ["model_type": "\"llama\""],
      "model_type: expected \"bert\", \"distilbert\" or \"gpt2\", found \"llama\""
    ),
    (
      ["model_type": "null"],
      "model_type: expected \"bert\", \"distilbert\" or \"gpt2\", found nothing"
    ),
    (
      ["hidden_size": "null"],
      "hidden_size: expected a whole number from 1 to 16777216, found nothing"
    ),
    (
      ["hidden_size": "\"6\""],
      "hidden_size: expected a whole number from 1 to 16777216, found \"6\""
    ),
    (
      ["num_attention_heads": "4"],
      "num_attention_heads: expected a divisor of hidden_size, 6, found 4"
    ),
    (
      ["architectures": "[\"GPT2LMHeadModel\"]"],
      "architectures[0]: expected Bert…, as model_type is \"bert\", found \"GPT2LMHeadModel\""
    ),
    (
      ["architectures": "[\"BertModel\", 3]"],
      "architectures[1]: expected Bert…, as model_type is \"bert\", found 3"
    ),
    (["layer_norm_eps": "-1"], "layer_norm_eps: expected a number between 0 and 1, found -1"),
    (["is_decoder": "true"], "is_decoder: expected false: nothing else is supported, found true"),
    (
      ["position_embedding_type": "\"relative_key\""],
      "position_embedding_type: expected \"absolute\", found \"relative_key\""
    ),
  ])
  func configurations(changes: [String: String], expected: String) throws {
    let folder = try folder(config: Self.config(changes))
    #expect(message(folder.path) == "\(folder.file("config.json")): \(expected)")
  }

  @Test(arguments: [
    "[]", "null", "[\"BertForMaskedLM\"]", "[\"BertModel\", \"BertForPreTraining\"]",
  ])
  func architecturesOfTheType(names: String) throws {
    #expect(
      try opened(try folder(config: Self.config(["architectures": names]))).architecture == "bert")
  }

  @Test(arguments: [
    (["vocab_size": "9"], "embeddings.word_embeddings.weight: expected [9, 6], found [8, 6]"),
    (
      ["num_hidden_layers": "2"],
      "encoder.layer.1.attention.self.query.weight: expected [6, 6], found no tensor of this name"
    ),
    (
      ["intermediate_size": "12"],
      "encoder.layer.0.intermediate.dense.weight: expected [12, 6], found [10, 6]"
    ),
    (
      ["vocab_size": "16777216", "hidden_size": "16777216"],
      "embeddings.word_embeddings.weight: expected [16777216, 16777216], found [8, 6]"
    ),
  ])
  func tensorsThatDoNotFit(changes: [String: String], expected: String) throws {
    let folder = try folder(config: Self.config(changes))
    #expect(message(folder.path) == "\(folder.file("model.safetensors")): tensor \(expected)")
  }

  @Test func filesThatAreMissing() throws {
    let empty = try TemporaryFolder()
    #expect(
      message(empty.path)
        == "\(empty.path): expected a Hugging Face folder with config.json, found none in it")
    let noWeights = try folder(nil)
    #expect(
      message(noWeights.path)
        == "\(noWeights.path): expected model.safetensors, found no .safetensors file")
    let words = (0...8).map { "word\($0)" }.joined(separator: "\n")
    let large = try folder(files: ["vocab.txt": "[UNK]\n[CLS]\n[SEP]\n" + words])
    #expect(
      message(large.path)
        == "\(large.path): tokenizer: expected ids below 8, the vocab_size of config.json, "
        + "found 11")
    let broken = try folder(config: "{\"model_type\": ")
    #expect(message(broken.path).hasPrefix("\(broken.file("config.json")):1:16: expected"))
  }

  @Test func weightsThatAreNotFinite() throws {
    let tensors = Self.bert().map { tensor in
      guard tensor.name == "encoder.layer.0.output.dense.bias" else { return tensor }
      return NamedArray(name: tensor.name, shape: [6], data: [0, Float.nan, 0, 0, 0, 0])
    }
    #expect(
      try opened(try folder(tensors)).warnings
        == ["tensor encoder.layer.0.output.dense.bias holds nan"])
  }

  /// Whole numbers, which quantised weights are, are no weights; I32 has as many bytes as F32.
  @Test(arguments: ["I32", "U32"])
  func weightsOfWholeNumbers(type: String) throws {
    let folder = try folder()
    let name = "encoder.layer.0.output.dense.weight"
    let path = folder.file("model.safetensors")
    var file = try Data(contentsOf: URL(filePath: path))
    let tensor = try #require(file.range(of: Data("\"\(name)\":".utf8)))
    let dtype = try #require(
      file.range(of: Data("\"F32\"".utf8), in: tensor.upperBound..<file.endIndex))
    file.replaceSubrange(dtype, with: Data("\"\(type)\"".utf8))
    try file.write(to: URL(filePath: path))
    #expect(
      message(folder.path)
        == "\(path): tensor \(name): expected F32, F16, BF16 or F64 weights, found \(type)")
  }

  @Test func optionsOfStateDicts() throws {
    let folder = try folder()
    #expect(
      message(folder.path) { $0.headCount = 2 }
        == "--heads is for state dicts, which don't say it; \(folder.path) describes itself")
  }

  /// Configurations with random damage: each opens or is refused in words.
  @Test func mutations() throws {
    let folder = try folder()
    var random = SeededRandom(seed: 9)
    let source = Array(Self.config().utf8)
    var refused = 0
    for _ in 0..<300 {
      var bytes = source
      for _ in 0..<random.below(2) + 1 {
        let place = random.below(bytes.count)
        switch random.below(4) {
        case 0: bytes[place] = UInt8(random.below(128))
        case 1: bytes.remove(at: place)
        default:
          if (0x30...0x39).contains(bytes[place]) { bytes[place] = UInt8(0x30 + random.below(10)) }
          if (0x61...0x7A).contains(bytes[place]) { bytes[place] = UInt8(0x61 + random.below(26)) }
        }
      }
      try Data(bytes).write(to: URL(filePath: folder.file("config.json")))
      let text = message(folder.path)
      if text.isEmpty { continue }
      refused += 1
      #expect(text.hasPrefix(folder.path))
    }
    #expect((100..<300).contains(refused))
  }
}
