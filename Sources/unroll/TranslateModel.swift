internal import Checkpoints
internal import Debugger
internal import Equations
internal import Learning
internal import Networks
internal import Tensors

/// An encoder-decoder with the words of both its languages.
nonisolated struct TranslateModel {
  let model: TranslationModel
  let source: SentenceVocabulary
  let target: SentenceVocabulary

  var name: String { model.name }
  var network: EncoderDecoder<Float> { model.model }

  /// The most words that are read.
  var longestSource: Int {
    min(Translator.mostSourceWords, model.configuration.longestSource ?? .max)
  }

  /// Opens a model; its warnings go to stderr.
  ///
  /// - Throws: a model of another kind, one without words, or weights that are not finite.
  init(_ name: String?) throws {
    try TranslationLoader.expectWords(name ?? TranslationModel.defaultName)
    try self.init(
      TranslationLoader.load(TranslationRequest(model: name ?? TranslationModel.defaultName)))
    for warning in model.warnings { Console.warn("\(name ?? model.name): warning: \(warning)") }
    if let (entry, index) = network.firstNonFinite {
      throw ModelError.request(
        "\(model.name): \(entry.name) holds \(network.parameters[entry.offset + index]); a "
          + "translation would mean nothing")
    }
  }

  init(_ model: TranslationModel) throws {
    guard let source = model.source, let target = model.target else {
      throw ModelError.request(
        "\(model.name) has no words for its token ids; unroll trace takes ids with --input")
    }
    self.model = model
    self.source = try Self.vocabulary(source, of: model.name)
    self.target = try Self.vocabulary(target, of: model.name)
  }

  private static func vocabulary(
    _ words: TranslationWords, of name: String
  ) throws -> SentenceVocabulary {
    guard let language = Language(rawValue: words.language) else {
      throw ModelError.request(
        "\(name): expected "
          + Suggestion.listed(Language.allCases.map(\.rawValue))
          + ", found the language \(words.language)")
    }
    do throws(SentenceVocabularyError) {
      return try SentenceVocabulary(tokens: words.tokens, language: language)
    } catch {
      throw ModelError.request("\(name): the \(words.language) words: \(error)")
    }
  }

  /// The ids of a sentence to be read; words that are unknown are named on stderr.
  ///
  /// - Throws: no words at all, or more than the model takes.
  func read(_ text: String) throws -> (ids: [Int32], tokens: [String]) {
    let (ids, tokens, unknownCount) = source.encode(text)
    guard !ids.isEmpty else {
      throw ModelError.request(
        text.isEmpty
          ? "the text is empty; expected at least one word"
          : "the text holds no word; expected words, not blanks alone")
    }
    try model.checkLength(ids.count, "source", model.configuration.longestSource)
    guard ids.count <= longestSource else {
      throw ModelError.request(
        "the text has \(ids.count) words; expected at most \(longestSource)")
    }
    if unknownCount > 0 { Console.warn(Self.notice(unknown(in: text, source), of: ids.count)) }
    return (ids, tokens)
  }

  /// The ids of a target given by hand.
  ///
  /// - Throws: no words, unknown ones, or more than the model takes; `option` is how it was given.
  func write(_ text: String, option: String) throws -> [Int32] {
    let ids = target.encode(text).ids
    guard !ids.isEmpty else {
      throw ModelError.request("\(option) holds no word; expected at least one")
    }
    let unknown = unknown(in: text, target)
    guard unknown.isEmpty else {
      throw ModelError.request(
        "\(option): expected words of \(name), found "
          + Suggestion.listed(unknown.prefix(3).map { Printable.quote($0) }, "and"))
    }
    // Before the first word stands the start.
    try model.checkLength(ids.count + 1, "target", model.configuration.longestTarget)
    return ids
  }

  /// The words that a vocabulary has not, each once, in the order of the text.
  private func unknown(in text: String, _ vocabulary: SentenceVocabulary) -> [String] {
    var unknown: [String] = []
    for word in vocabulary.split(text) where !vocabulary.has(word) && !unknown.contains(word) {
      unknown.append(word)
    }
    return unknown
  }

  private static func notice(_ words: [String], of count: Int) -> String {
    let shown = words.prefix(5).map { Printable.quote($0) }
    let more = words.count > 5 ? ["\(words.count - 5) others"] : []
    return "\(words.count) of \(count) words \(words.count == 1 ? "is" : "are") not in the "
      + "vocabulary: \(Suggestion.listed(shown + more, "and")); "
      + "\(words.count == 1 ? "it enters" : "they enter") as <unk>"
  }
}
