internal import ArgumentParser
internal import Checkpoints
internal import CursesScreen
internal import Networks
internal import Scenes

/// `unroll translate`: a sentence, or a file of them, through an encoder-decoder.
struct TranslateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "translate",
    abstract: "Translate a sentence with an encoder-decoder, or score a file of pairs.",
    discussion: """
      Keys: arrows step word by word and equation by equation, t types another sentence, ? lists the \
      others, q leaves. With --format nothing is drawn: text ends with the translation on a line of \
      its own; json is one object with the words of both sides, the log-probability of each word \
      written, the alignment [words written, words read] (of a transformer the mean over the heads of \
      the last layer) and what the beam found. --pairs counts the translations that are right word \
      for word, in total and by the length of the source.
      """)

  @Argument(
    help: ArgumentHelp(
      "A shipped or installed model's name, or a file (default: \(TranslationModel.defaultName)).",
      valueName: "model"))
  var model: String?

  @Option(parsing: .unconditional, help: "The sentence.") var text: String?

  @Option(
    help: ArgumentHelp("Sentence pairs to score: SOURCE<TAB>TARGET lines.", valueName: "file"))
  var pairs: String?

  @Option(help: "text or json: print, without the screen.") var format: TokenFile.Format?

  @Option(
    parsing: .unconditional,
    help: "Hypotheses that are kept; 1 is greedy (default: 4, with --pairs 1).")
  var beam: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Words that the translation begins with.", valueName: "words"))
  var force: String?

  @Option(parsing: .unconditional, help: "The most words of a translation.") var maxWords = 40

  @OptionGroup(title: "Screen") var screenOptions: TerminalOptions

  func validate() throws {
    if text != nil, pairs != nil {
      throw ValidationError("--text and --pairs are both inputs; give one of them")
    }
    if force != nil, pairs != nil {
      throw ValidationError("--force is for one sentence, not for --pairs")
    }
    if let beam, !(1...256).contains(beam) {
      throw ValidationError("--beam: expected a number from 1 to 256, found \(beam)")
    }
    guard (1...1000).contains(maxWords) else {
      throw ValidationError("--max-words: expected a number from 1 to 1000, found \(maxWords)")
    }
  }

  nonisolated func run() throws {
    try MainActor.assumeIsolated { try start() }
  }

  @MainActor private func start() throws {
    let model = try TranslateModel(self.model)
    if let pairs {
      try TranslateScore(model: model, file: pairs, beamWidth: beam ?? 1)
        .write(as: format ?? .text)
      return
    }
    guard let format else {
      try showScreen(model)
      return
    }
    guard let text else {
      throw ModelError.request("nothing to translate; give --text TEXT or --pairs FILE.tsv")
    }
    try TranslatedSentence(
      text, model: model, forced: try forcedWords(model),
      options: BeamSearch.Options(width: beam ?? 4, mostWords: maxWords)
    ).write(as: format)
  }

  private func forcedWords(_ model: TranslateModel) throws -> [Int32] {
    guard let force else { return [] }
    let words = try model.write(force, option: "--force")
    guard words.count <= maxWords else {
      throw ModelError.request(
        "--force has \(words.count) words; --max-words allows \(maxWords)")
    }
    return words
  }

  /// The screen on which a translation is stepped.
  @MainActor private func showScreen(_ model: TranslateModel) throws {
    let scene = try TranslateRun.scene(
      model, text: text ?? TranslateRun.defaultText, beamWidth: beam ?? 4,
      forced: try forcedWords(model), mostWords: maxWords)
    let screen = try screenOptions.open(
      insteadOf: "unroll translate --format text and unroll shot translate")
    scene.hasMouse = screen.hasMouse
    SceneRun.show(scene, on: screen)
  }
}
