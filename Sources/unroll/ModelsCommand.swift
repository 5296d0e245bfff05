internal import ArgumentParser
internal import Checkpoints
internal import Networks

/// `unroll models`: what can be opened by name.
struct ModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models", abstract: "List the models that can be opened by name.")

  func run() throws {
    var rows = [["model", "size", "network", "tokens", "figures"]]
    for name in ModelCatalog.shippedNames {
      let (summary, tokens, metadata) = try Self.describe(name)
      rows.append([
        name, Self.size(ModelCatalog.byteCount(ofShipped: name) ?? 0), summary, "\(tokens)",
        Self.figures(metadata),
      ])
    }
    for model in ModelCatalog.installed() {
      rows.append([model.name, "", model.path])
    }
    guard rows.count > 1 else {
      Console.warn("no model is shipped or installed")
      return
    }
    try Console.print(Console.table(rows, rightAligned: [1, 3]))
  }

  private static func describe(
    _ name: String
  ) throws -> (summary: String, tokens: Int, metadata: [String: String]) {
    if TranslationLoader.isTranslation(name) {
      let model = try TranslationLoader.load(TranslationRequest(model: name))
      return (model.summary, model.configuration.sourceVocabularySize, model.metadata)
    }
    if TransformerLoader.isTransformer(name) {
      let model = try TransformerLoader.load(TransformerRequest(model: name))
      return (model.summary, model.configuration.vocabularySize ?? 0, model.metadata)
    }
    var request = ModelRequest()
    request.model = name
    let model = try ModelLoader.load(request)
    return (model.summary, model.configuration.input.vocabularySize ?? 0, model.metadata)
  }

  /// The validation loss, in nats and bits per token, or the accuracy on what was held out.
  private static func figures(_ metadata: [String: String]) -> String {
    let exact = metadata[TranslationModel.Fact.heldOutExactMatch.rawValue]
    if let exact = exact.flatMap(Double.init) {
      return "held-out exact match \((exact * 1000).rounded() / 10)%"
    }
    let accuracy = metadata["result.held_out_accuracy"] ?? metadata["heldOutAccuracy"]
    if let accuracy = accuracy.flatMap(Double.init) {
      return "held-out accuracy \((accuracy * 1000).rounded() / 10)%"
    }
    func rounded(_ key: String) -> String? {
      metadata["result.validation_loss_\(key)"].flatMap(Double.init)
        .map { "\(($0 * 1000).rounded() / 1000) \(key)" }
    }
    let loss = [rounded("nats"), rounded("bits")].compactMap(\.self)
    return loss.isEmpty ? "" : "validation loss \(loss.joined(separator: ", ")) per token"
  }

  private static func size(_ bytes: Int) -> String {
    bytes >= 1 << 20
      ? "\(((bytes * 10) >> 20) / 10).\(((bytes * 10) >> 20) % 10) MiB" : "\(bytes >> 10) KiB"
  }
}
