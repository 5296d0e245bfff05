internal import Checkpoints
internal import Debugger
internal import Networks
internal import Scenes

/// Makes the translate scene of a model and a sentence.
enum TranslateRun {
  /// Adjectives before and behind the noun, gender and number: what English and French do differently.
  nonisolated static let defaultText = "the big red dog sees a small house"

  /// - Parameters:
  ///   - model: opened.
  ///   - text: the first sentence.
  ///   - beamWidth: hypotheses that are kept.
  ///   - forced: words that the translation begins with.
  ///   - mostWords: of a translation.
  /// - Returns: the scene, its first run done.
  /// - Throws: a sentence that the model can't take.
  static func scene(
    _ model: TranslateModel, text: String, beamWidth: Int = 4, forced: [Int32] = [],
    mostWords: Int = 40
  ) throws -> TranslateScene {
    let translator = Translator(
      name: shownName(model.name), summary: model.model.summary, model: model.network,
      source: model.source, target: model.target, mostWords: mostWords)
    var request = Translation.Request(text: text)
    request.beamWidth = beamWidth
    request.forced = Dictionary(uniqueKeysWithValues: forced.enumerated().map { ($0, $1) })
    do throws(CommandError) {
      return TranslateScene(
        try Translation(translator, request), warnings: model.model.warnings)
    } catch {
      throw ModelError.request(error.description)
    }
  }

  /// Every value of what a scene shows, with the gradients of the losses that it goes back from.
  ///
  /// - Throws: what the trace's own pass refuses.
  static func trace(of scene: TranslateScene) throws -> EncoderDecoderTrace {
    let run = scene.currentTranslation
    let translator = run.translator
    func words(_ language: TranslatorLanguage) -> TranslationWords {
      TranslationWords(language: language.name, tokens: language.words)
    }
    let model = TranslationModel(
      name: translator.name, model: translator.model, source: words(translator.source),
      target: words(translator.target))
    let lossStep = run.lossStep
    let input = EncoderDecoderInput(
      source: run.sourceIDs, inputs: run.output.indices.map { run.input(step: $0) },
      targets: run.targets.enumerated().map { lossStep ?? $0 == $0 ? $1 : -1 },
      labels: Array(run.sourceWords.prefix(run.sourceIDs.count)))
    return try EncoderDecoderTrace(model: model, input: input, isBackward: true)
  }

  /// The last part of a path, without its ending.
  private static func shownName(_ path: String) -> String {
    let name = path.split(separator: "/").last ?? Substring(path)
    return String(name.hasSuffix(".safetensors") ? name.dropLast(12) : name)
  }
}
