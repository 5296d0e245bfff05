public import Canvas
public import Debugger
internal import Equations

nonisolated extension AttentionWork: BackgroundWork {}

/// The attention of a typed sentence: all heads of all layers at a glance, one of them large, what the
/// selected word looks at, and the program that made it, step by step.
public final class AttendScene: Scene {
  /// What the keyboard does.
  enum Mode {
    case looking
    case command(LineEditor)
    case text(LineEditor, before: AttentionResult)
    /// The second sentence.
    case second(LineEditor, before: AttentionResult)
    case find(LineEditor)
    case help
    /// All commands of the command line.
    case commandHelp
  }

  enum Panel: Int, CaseIterable {
    case heads, program, matrix, query, predictions
  }

  /// Which attention map the matrix shows.
  enum View: String, CaseIterable {
    case head, layer, all, rollout
  }

  /// What is done with the tokens that were put around the text.
  enum Filter: CaseIterable {
    case none, hidden, renormalised
  }

  enum QueryStyle: CaseIterable {
    case bars, ribbons, allRibbons
  }

  /// How all heads are shown: as small pictures, by their weight from the query to the key, or as
  /// a table of their figures.
  enum HeadStyle: CaseIterable {
    case thumbnails, links, figures
  }

  let model: AttentionModel
  var result: AttentionResult
  var mode = Mode.looking
  var focus = Panel.matrix
  var isZoomed = false

  // Where one is. Tokens are counted in the whole text, filtered or not.
  var layer = 0
  var head = 0
  var place: ProgramPlace
  var query = 0
  var key = 0
  /// The column of a value whose columns are no tokens.
  var column = 0
  /// The word of the second sentence that the query is compared with.
  var partner = 0

  var view = View.head
  var filter = Filter.none
  var queryStyle = QueryStyle.ribbons
  var headStyle = HeadStyle.thumbnails
  var showsDifference = false
  /// Whether weights are coloured up to the largest of them instead of 1.
  var fitsScale = false
  /// How often the window on the tokens was halved.
  var zoom = 0

  public var hasMouse = true
  var message: (text: String, isError: Bool)?
  var commandHistory: [String] = []
  var searchText = ""
  /// The newest run that was asked for; older ones that come late are dropped.
  var pendingRequest: Int?
  private var requestNumber = 0
  /// What is shown once it is computed: text and changes.
  var wanted: AttentionRequest
  var wantedSecond: String?
  var spinner = 0
  let cache = AttendCache()
  /// Where things are in the last picture, for the mouse.
  var places = AttendPlaces()
  public private(set) var textCursor: (x: Int, y: Int)?
  /// Whether the last picture was only the request for a larger terminal.
  var isTooSmall = false

  /// - Parameters:
  ///   - model: computes other texts and changes.
  ///   - result: the first text's run.
  ///   - warnings: what the status line says first.
  public init(model: AttentionModel, result: AttentionResult, warnings: [String] = []) {
    self.model = model
    self.result = result
    wanted = result.request
    wantedSecond = result.secondText
    place = ProgramPlace(
      .layer(0), result.shown.source.attentionEquation(layer: 0))
    if let warning = warnings.first {
      message = (warning, true)
    } else if !result.notice.isEmpty {
      message = (result.notice, true)
    }
    selectFirstWord()
    selectStrongestHead()
  }

  var source: any AttentionSource { result.shown.source }
  var tokens: [AttentionToken] { source.tokens }

  public var tickMilliseconds: Int? { pendingRequest == nil ? nil : 100 }

  // MARK: Runs

  /// Asks for what `wanted` says; what is there stays on the screen until it comes.
  func compute() -> [SceneEffect] {
    requestNumber += 1
    pendingRequest = requestNumber
    let work = AttentionWork(
      model: model, request: wanted, secondText: wantedSecond, known: result)
    return [.run(work, number: requestNumber)]
  }

  public func finish(_ result: any Sendable, for request: Int) {
    guard request == pendingRequest, let answer = result as? AttentionAnswer else { return }
    pendingRequest = nil
    guard let new = answer.result else {
      show(message: answer.notice, isError: true)
      return
    }
    takeBack(new)
    if !new.notice.isEmpty { show(message: new.notice, isError: true) }
  }

  public func show(message text: String, isError: Bool = false) { message = (text, isError) }

  // MARK: Selection

  /// The tokens that are shown, by their index in the text.
  var visibleTokens: [Int] {
    guard filter != .none else { return Array(tokens.indices) }
    let kept = tokens.indices.filter { !tokens[$0].isSpecial }
    return kept.isEmpty ? Array(tokens.indices) : kept
  }

  func selectVisibleTokens() {
    let visible = visibleTokens
    func nearest(_ token: Int) -> Int {
      visible.min { abs($0 - token) < abs($1 - token) } ?? 0
    }
    query = nearest(query)
    key = nearest(key)
  }

  /// A word of the text's own; the last but one, whose reader has seen most of the sentence.
  private func selectFirstWord() {
    let own = tokens.indices.filter { !tokens[$0].isSpecial }
    let pronoun = own.first { tokens[$0].label.drop { $0 == " " } == "it" }
    query = pronoun ?? own.dropLast().last ?? own.last ?? 0
    key = query
  }

  /// The head in which the query looks hardest at another word, and that word; its neighbours count
  /// only where there are no others, as many heads look at whatever is next to them.
  func selectStrongestHead() {
    let others = visibleTokens.filter { !tokens[$0].isSpecial && $0 != query }
    let far = others.filter { abs($0 - query) > 1 }
    let own = far.isEmpty || source.isCausal && far.allSatisfy { $0 > query } ? others : far
    var best: (weight: Float, id: HeadID, key: Int)?
    for layer in 0..<source.layerCount {
      let attention = source.attention(layer: layer)
      for head in 0..<source.headCount {
        for key in own where attention[head, query, key] > best?.weight ?? 0 {
          best = (attention[head, query, key], HeadID(layer: layer, head: head), key)
        }
      }
    }
    guard let best else { return }
    select(best.id)
    key = best.key
  }

  /// Shows a former run again.
  func takeBack(_ former: AttentionResult) {
    result = former
    cache.clear()
    layer = min(layer, source.layerCount - 1)
    // A place that the text has no more becomes its last word, not what was put behind it.
    let last = tokens.lastIndex { !$0.isSpecial } ?? tokens.count - 1
    if query >= tokens.count { query = last }
    if key >= tokens.count { key = last }
    if !former.request.isChanged { showsDifference = false }
    selectVisibleTokens()
    selectPartner()
  }

  /// Shows a head's weights.
  func select(_ id: HeadID) {
    selectLayer(id.layer)
    head = min(max(id.head, 0), source.headCount - 1)
  }

  /// Goes to the same line of another layer; from outside of the layers to the weights.
  func selectLayer(_ new: Int) {
    layer = min(max(new, 0), source.layerCount - 1)
    if case .layer = place.part {
      let count = source.equationCount(.layer(layer))
      place = ProgramPlace(.layer(layer), min(place.equation, count - 1))
    } else {
      place = ProgramPlace(.layer(layer), source.attentionEquation(layer: layer))
    }
  }

  func move(to new: ProgramPlace) {
    place = new
    switch new.part {
    case .layer(let index): layer = index
    case .embedding: layer = 0
    case .output: layer = source.layerCount - 1
    }
    let columns = source.value(place).map(\.columns) ?? 1
    column = min(column, max(0, columns - 1))
  }

  /// Whether the program's counter is at the attention weights: then the views differ.
  var isAtWeights: Bool {
    if case .layer(let index) = place.part {
      return source.attentionEquation(layer: index) == place.equation
    }
    return false
  }

  // MARK: Comparison

  var second: AttentionAnalysis? { result.second }

  /// The places of the query's word in the second sentence.
  var partners: [Int] {
    guard let second else { return [] }
    return SentenceComparison.places(of: query, in: tokens, among: second.source.tokens)
  }

  /// Follows the query to the same word in the second sentence, where there is one.
  func selectPartner() {
    guard let second else { return }
    let found = partners
    if !found.contains(partner) { partner = found.first ?? partner }
    partner = min(partner, second.source.tokens.count - 1)
  }

  // MARK: Drawing

  public func draw(in grid: inout Grid) {
    textCursor = nil
    places = AttendPlaces()
    isTooSmall = grid.width < 80 || grid.height < 24
    guard !isTooSmall else {
      drawTooSmall(in: &grid)
      return
    }
    drawPicture(in: &grid)
    switch mode {
    case .help: HelpOverlay.draw("Keys", Self.keyHelp, in: &grid)
    case .commandHelp:
      let rows = AttendCommand.words.map {
        KeyHelp(keys: $0.name, action: $0.argument.isEmpty ? $0.help : "\($0.argument)  \($0.help)")
      }
      HelpOverlay.draw("Commands", rows, in: &grid)
    default: break
    }
  }

  func setTextCursor(x: Int, y: Int) { textCursor = (x, y) }

  private func drawTooSmall(in grid: inout Grid) {
    let times = grid.medium.isUnicode ? "×" : "x"
    let text = "need 80\(times)24, have \(grid.width)\(times)\(grid.height)"
    _ = grid.drawText(text, x: 0, y: 0, style: Style(.warning), width: grid.width)
    _ = grid.drawText("q quits", x: 0, y: 1, style: .plain, width: grid.width)
  }
}

/// Where the last picture shows what: for mouse clicks.
struct AttendPlaces {
  var tokens: [(index: Int, columns: Range<Int>, rows: Range<Int>)] = []
  var heads: [(id: HeadID, area: Rect)] = []
  var lines: [(place: ProgramPlace, row: Int, columns: Range<Int>)] = []
  var matrix: (layout: TokenHeatmapLayout, rows: [Int], columns: [Int], isOverTokens: Bool)?
  /// Rows of the query's panel, by the key that they stand for.
  var keys: [(token: Int, row: Int, columns: Range<Int>)] = []
  var hints: [(key: Key, row: Int, columns: Range<Int>)] = []
}
