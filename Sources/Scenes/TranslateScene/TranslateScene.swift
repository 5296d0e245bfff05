internal import Canvas
public import Debugger
internal import Equations
internal import Networks

nonisolated extension TranslationWork: BackgroundWork {}

/// A sentence being translated: what is read and what is written, word by word; at what each word
/// looked, what was in the decoder's mind, what else could have followed; and the way back, from the
/// loss of a word to the states of the encoder.
public final class TranslateScene: PanelScene {
  /// What is typed besides commands.
  enum Line {
    /// Another sentence, translated at every key; `before` is gone back to.
    case text(before: TranslationSession)
    /// A word in place of the one under the cursor.
    case force
    /// The right translation.
    case reference
    case find
  }

  enum Panel: Int, CaseIterable {
    case alignment, next, program, vectors, beam, gradients
  }

  /// What was asked for and what is to become of it.
  enum Pending {
    /// While a text is typed.
    case text(before: TranslationSession)
    /// Something was changed; said once it is there.
    case change(String)
    /// The losses of other words: the way back begins there.
    case turn
    /// The same run with something more to be seen.
    case view(String)
  }

  let translator: Translator
  var session: TranslationSession
  var frame = SceneFrame<Line>()
  var focus = Panel.alignment
  var pending: Pending?

  /// The selected layer that attends to the source, its head (none: their mean) and word of the source.
  var layer: Int
  var head: Int?
  var key = 0
  /// The selected unit: whose numbers are put in.
  var unit = 0
  /// How many next words are wanted; nil for as many as there is room for.
  var topCount: Int?
  var showsBeam = false
  var showsProgram = false
  /// What may not be looked at is marked.
  var showsMask = false
  /// Of a transformer: the words that are written among themselves.
  var showsOwn = false
  var isRunning = false
  /// Milliseconds per word while running.
  var interval = 700
  var searchText = ""
  /// Where the cursor was when a layer was selected: until it moves the program shows that layer.
  var layerPlace: TranslationPosition?
  /// The word that `a` left for the way back from all words.
  var stepBeforeAll: Int?
  /// Computed once a run.
  var path: GradientPath
  var vectorScale: Normalization
  /// Of the encoder's states and of what is made of them.
  var sourceScale: Normalization
  var places = TranslatePlaces()

  /// - Parameters:
  ///   - translation: the first sentence's.
  ///   - warnings: what the status line says first.
  public init(_ translation: Translation, warnings: [String] = []) {
    translator = translation.translator
    session = TranslationSession(translation)
    layer = max(0, translation.alignments.count - 1)
    path = GradientPath(translation)
    vectorScale = Normalization(lo: 0, hi: 1)
    sourceScale = vectorScale
    if let warning = warnings.first {
      message = (warning, true)
    } else if !translation.notice.isEmpty {
      message = (translation.notice, true)
    }
    measure()
    selectStrongestKey()
  }

  var translation: Translation { session.translation }
  var cursor: TranslationPosition { session.cursor }
  var isBackward: Bool { cursor.pass == .backward }

  public var tickMilliseconds: Int? {
    if pendingRequest != nil { return 100 }
    return isRunning ? interval : nil
  }

  // MARK: Runs

  func request(_ request: Translation.Request, _ purpose: Pending) -> [SceneEffect] {
    pending = purpose
    return ask(for: TranslationWork(translator: translator, request: request))
  }

  public func finish(_ result: any Sendable, for request: Int) {
    guard takes(request), let answer = result as? Result<Translation, CommandError>,
      let purpose = pending
    else { return }
    pending = nil
    switch answer {
    case .failure(let error):
      // While a text is typed it may yet become one; one that was accepted is taken back.
      if case .text(let before) = purpose, mode.editor == nil {
        session = before
        measure()
      }
      show(message: error.description, isError: true)
    case .success(let new): take(new, purpose)
    }
  }

  private func take(_ new: Translation, _ purpose: Pending) {
    switch purpose {
    case .text(let before):
      session = before
      session.replace(with: new)
      if case .line(_, .text) = mode {
        session.moveToLastWord()
      } else {
        session.moveToFirstWord()
      }
      if !new.notice.isEmpty { show(message: new.notice, isError: true) }
    case .change(let text):
      session.replace(with: new)
      show(message: text)
    case .view(let text):
      session.replace(with: new, keepsHistory: false)
      show(message: text)
    case .turn:
      session.replace(with: new, keepsHistory: false)
      session.moveToLoss()
    }
    measure()
    selectStrongestKey()
  }

  /// Shows another run: what was measured of the one before is measured anew.
  func measure() {
    path = GradientPath(translation)
    layer = min(layer, max(0, translation.alignments.count - 1))
    let heads = translation.alignments.isEmpty ? 1 : translation.alignments[layer].headCount
    if let head { self.head = min(head, heads - 1) }
    key = min(key, translation.sourceIDs.count - 1)
    measureVectors()
  }

  // MARK: Selection

  /// The word whose loss is gone back from: the right one, where there is a reference.
  var lossWord: String? {
    translation.lossStep.map { translator.target.word(translation.targets[$0]) }
  }

  /// The reference's words where they are not those that are written.
  var referenceWords: [String]? {
    guard !translation.request.usesTeacher else { return nil }
    return translation.request.reference.map { translator.target.split($0) }
  }

  /// While a recurrent encoder is stepped, the word that it reads is the selected one.
  func followReading() {
    if cursor.part.isEncoder, translation.isRecurrent { key = cursor.time }
  }

  var map: AlignmentMap? {
    let maps = showsOwn ? translation.ownAlignments : translation.alignments
    return maps.indices.contains(layer) ? maps[layer] : nil
  }

  /// The part whose equations give the alignment.
  var attentionPart: TranslationPart { translation.isRecurrent ? .attention : .decoder(layer) }

  /// The source word that the current word looks at hardest.
  func selectStrongestKey() {
    guard translation.alignments.indices.contains(layer), !cursor.part.isEncoder else { return }
    let map = translation.alignments[layer]
    let columns = 0..<translation.sourceIDs.count
    key =
      columns.max {
        map.weight(head: head, row: session.step, column: $0)
          < map.weight(head: head, row: session.step, column: $1)
      } ?? 0
  }

  func selectUnit(_ new: Int) {
    unit = min(max(new, 0), translator.model.configuration.modelSize - 1)
  }
}

/// Where the last picture shows what: for mouse clicks.
struct TranslatePlaces {
  /// Words of the source and of the target, by their index.
  var source: [(index: Int, row: Int, columns: Range<Int>)] = []
  var target: [(index: Int, row: Int, columns: Range<Int>)] = []
  var lines: [(position: TranslationPosition, row: Int, columns: Range<Int>)] = []
  var matrix: TokenHeatmapLayout?
  /// Rows of gradients, by where they are stepped.
  var gradients: [(position: TranslationPosition, row: Int, columns: Range<Int>)] = []
}
