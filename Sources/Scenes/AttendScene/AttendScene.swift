internal import Canvas
public import Debugger
internal import Equations

nonisolated extension AttentionWork: BackgroundWork {}

/// The attention of a typed sentence: all heads of all layers at a glance, one of them large, what the
/// selected word looks at, and the program that made it, step by step.
public final class AttendScene: PanelScene {
  /// What is typed besides commands; texts are run at every key, and `before` is gone back to.
  enum Line {
    case text(before: AttentionResult)
    /// The second sentence.
    case second(before: AttentionResult)
    case find
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
  var frame = SceneFrame<Line>()
  var focus = Panel.matrix

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

  var searchText = ""
  /// What is shown once it is computed: text and changes.
  var wanted: AttentionRequest
  var wantedSecond: String?
  let cache = AttendCache()
  /// Where things are in the last picture, for the mouse.
  var places = AttendPlaces()

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
    ask(
      for: AttentionWork(
        model: model, request: wanted, secondText: wantedSecond, known: result))
  }

  public func finish(_ result: any Sendable, for request: Int) {
    guard takes(request), let answer = result as? AttentionAnswer else { return }
    guard let new = answer.result else {
      show(message: answer.notice, isError: true)
      return
    }
    takeBack(new)
    if !new.notice.isEmpty { show(message: new.notice, isError: true) }
  }

  /// Shows a former run again.
  func takeBack(_ former: AttentionResult) {
    result = former
    cache.clear()
    layer = min(layer, source.layerCount - 1)
    // Without positions the embedding has fewer lines.
    place = ProgramPlace(
      place.part, min(place.equation, max(0, source.equationCount(place.part) - 1)))
    // A place that the text has no more becomes its last word, not what was put behind it.
    let last = tokens.lastIndex { !$0.isSpecial } ?? tokens.count - 1
    if query >= tokens.count { query = last }
    if key >= tokens.count { key = last }
    if !former.request.isChanged { showsDifference = false }
    selectVisibleTokens()
    selectPartner()
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
}
