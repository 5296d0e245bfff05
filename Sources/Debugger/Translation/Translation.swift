internal import Equations
public import Networks
public import Tensors

/// A sentence that was translated: the words, and every value and gradient of the run that wrote them.
///
/// The words are chosen by beam search, or given; then one pass with those words computes everything
/// that is shown, forward and back.
public final class Translation: @unchecked Sendable {
  /// Where backpropagation begins.
  public enum Loss: Sendable, Hashable {
    /// All words.
    case sentence
    case word(Int)
  }

  /// What is asked for.
  public struct Request: Sendable, Hashable {
    public var text: String
    /// Words that were put in by hand, by their place; what follows is decoded anew.
    public var forced: [Int: Int32] = [:]
    /// A right translation.
    public var reference: String?
    /// Whether the decoder is given the reference's words rather than its own.
    public var usesTeacher = false
    public var beamWidth = 4
    public var loss = Loss.sentence
    /// Empty places behind the source, as in a batch with longer sentences.
    public var paddingCount = 0

    public init(text: String) { self.text = text }
  }

  public let translator: Translator
  public let request: Request
  public let sourceIDs: [Int32]
  /// The words as they were typed, and the padding.
  public let sourceWords: [String]
  /// The places of words that the model does not know.
  public let unknown: Set<Int>
  /// What is written at each step; the end is the last where it was reached.
  public let output: [Int32]
  /// The right word of each step, −1 where there is none.
  public let targets: [Int32]
  /// The search behind the words; nil where the reference gave them.
  public let search: BeamSearch?
  /// Nats per step; 0 where there is no target.
  public let losses: [Double]
  public let pass: EncoderDecoderPass<Float>
  /// Of each layer that attends to the source; empty without attention.
  public let alignments: [AlignmentMap]
  /// Of each layer in which the words that are written attend to each other; empty of a recurrent
  /// model.
  public let ownAlignments: [AlignmentMap]
  public let timeline: TranslationTimeline

  /// Runs the model. Takes as long as the model is large: called off the main thread.
  ///
  /// - Throws: a text that can't be read, a reference or a forced word that can't be written.
  public init(_ translator: Translator, _ request: Request) throws(CommandError) {
    self.translator = translator
    var request = request
    let read = try translator.read(request.text)
    let room = (translator.model.configuration.longestSource ?? .max) - read.ids.count
    request.paddingCount = min(request.paddingCount, max(0, room))
    sourceIDs = read.ids
    sourceWords =
      read.words
      + Array(
        repeating: translator.source.word(translator.special.padding),
        count: request.paddingCount)
    unknown = read.unknown
    let reference = try request.reference.map { text throws(CommandError) in
      try translator.write(text) + [translator.special.end]
    }
    if request.usesTeacher, let reference {
      output = reference
      search = nil
    } else {
      request.usesTeacher = false
      let decoded = Self.decode(translator, request, read.ids)
      output = decoded.words
      search = decoded.search
      request.forced = decoded.forced
    }
    let count = output.count
    targets =
      reference.map { words in (0..<count).map { $0 < words.count ? words[$0] : -1 } } ?? output
    if case .word(let step) = request.loss, step >= count || targets[step] < 0 {
      request.loss = .sentence
    }
    self.request = request
    let pass = EncoderDecoderPass(
      model: translator.model, sourceLen: sourceWords.count, targetLen: count)
    pass.setSources([sourceIDs])
    pass.setInputs([[translator.special.start] + output.dropLast()])
    pass.forward()
    // Where there is no right word, the one that was written still has a probability.
    let targets = targets
    let known = zip(targets, output).map { $0 >= 0 ? $0 : $1 }
    losses = zip(pass.losses(targets: known), targets).map { $1 >= 0 ? $0 : 0 }
    let lossStep = Self.step(of: request.loss)
    pass.backward(
      targets: targets.enumerated().map { lossStep ?? $0 == $0 ? $1 : -1 },
      gradients: Buffer(count: translator.model.layout.count))
    self.pass = pass
    alignments = pass.crossAttention.map { AlignmentMap($0.block, $0.equation) }
    ownAlignments = Self.ownAttention(pass)
    timeline = Self.timeline(pass, lossStep: lossStep)
  }

  private static func step(of loss: Loss) -> Int? {
    if case .word(let step) = loss { step } else { nil }
  }

  /// The word that has the loss; nil where all have one.
  public var lossStep: Int? { Self.step(of: request.loss) }

  // MARK: Words

  /// Decodes; each word that was put in by hand follows what the model writes up to there. One beyond
  /// the end of the sentence is left out.
  private static func decode(
    _ translator: Translator, _ request: Request, _ source: [Int32]
  ) -> (words: [Int32], search: BeamSearch, forced: [Int: Int32]) {
    func search(_ prefix: [Int32]) -> BeamSearch {
      BeamSearch(
        model: translator.model, source: source, start: translator.special.start,
        end: translator.special.end, forced: prefix,
        options: .init(width: request.beamWidth, mostWords: translator.mostWords))
    }
    var found = search([])
    var words = found.bestOutput
    var forced: [Int: Int32] = [:]
    for (place, word) in request.forced.sorted(by: { $0.key < $1.key }) {
      guard place < words.count, place < translator.mostWords else { break }
      forced[place] = word
      found = search(Array(words[..<place]) + [word])
      words = found.bestOutput
    }
    return (words, found, forced)
  }

  public var outputWords: [String] { output.map { translator.target.word($0) } }

  /// The translation as a sentence.
  public var text: String {
    translator.target.join(
      output.filter { $0 != translator.special.end }.map { translator.target.word($0) })
  }

  /// What the decoder is given at a step: the word before, or the start.
  public func input(step: Int) -> Int32 {
    step == 0 ? translator.special.start : output[step - 1]
  }

  /// What the user should know of the text; empty if nothing.
  public var notice: String {
    Translator.notice(
      unknown.sorted().map { sourceWords[$0] }, of: sourceIDs.count)
  }

  // MARK: Predictions

  private var vocabularySize: Int { translator.model.configuration.targetVocabularySize }

  /// p of every word at a step.
  public func probabilities(step: Int) -> [Float] {
    let view = pass.probabilities
    let start = view.offset + step * vocabularySize
    return view.buffer.array(start..<start + vocabularySize)
  }

  public func probability(of word: Int32, step: Int) -> Float {
    pass.probabilities[step * vocabularySize + Int(word)]
  }

  /// The likeliest words of a step, best first.
  public func likeliest(step: Int, count: Int) -> [(word: Int32, probability: Float)] {
    let all = probabilities(step: step)
    return TopTokens.indices(all, count: count).map { (Int32($0), all[$0]) }
  }

  /// −Σ ln p of the words that were written.
  public var totalLoss: Double { losses.reduce(0, +) }
}
