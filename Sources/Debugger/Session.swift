public import Equations
public import Networks

/// A debugging session: the run that is looked at, the cursor in it, breakpoints, watches and the
/// runs that `undo` goes back to. It knows nothing of screens.
public struct Session: Sendable {
  public struct Watch: Sendable, Numbered {
    static let kind = "watch"
    public let number: Int
    public let text: String
    let query: Query
    let layer: LayerID
  }

  /// The run under the cursor.
  public private(set) var recording: Recording
  /// The run before anything was set by hand, if something was: the ghost.
  public private(set) var original: Recording?
  private var history: [(recording: Recording, original: Recording?, changes: [String])] = []
  /// What was set by hand, in the user's words.
  public private(set) var changes: [String] = []
  public private(set) var breakpoints: [Breakpoint] = []
  public private(set) var watches: [Watch] = []
  public private(set) var cursor: Position
  public var showsDifference = false
  private var nextNumber = 1
  private let vocabulary: Vocabulary?

  public init(recording: Recording, vocabulary: Vocabulary?) {
    self.recording = recording
    self.vocabulary = vocabulary
    cursor = recording.firstNonFinite ?? recording.timeline[0]
  }

  public var timeline: Timeline { recording.timeline }

  /// The layer under the cursor; on the lines of the output layer the last one.
  public var layer: LayerID {
    cursor.layer ?? LayerID(layer: recording.configuration.numLayers - 1)
  }

  /// The step under the cursor.
  public var step: RecordedStep {
    RecordedStep(recording: recording, layer: layer, time: cursor.time)
  }

  // MARK: Moving

  /// Moves by equations; stops at the ends.
  public mutating func step(by count: Int) {
    let index = timeline.index(of: cursor)
    cursor = timeline[index + min(max(count, -index), timeline.count - 1 - index)]
  }

  /// Moves by time steps; stops at the ends.
  public mutating func next(by count: Int) {
    for _ in 0..<abs(count) {
      guard let moved = timeline.next(cursor, backwards: count < 0) else {
        cursor = count < 0 ? timeline[0] : timeline[timeline.count - 1]
        return
      }
      cursor = moved
    }
  }

  public mutating func move(to position: Position) { cursor = position }

  public mutating func moveToStart() { cursor = timeline[0] }
  public mutating func moveToEnd() { cursor = timeline[timeline.count - 1] }

  /// Runs on to the next breakpoint, or to the end.
  ///
  /// - Returns: the breakpoint that stopped it.
  @discardableResult
  public mutating func run(backwards: Bool = false) -> Breakpoint? {
    let stop = breakpoints.firstStop(
      from: timeline.index(of: cursor), of: timeline.count, backwards: backwards
    ) { $0.stops(at: timeline[$1], in: recording) }
    cursor = timeline[stop?.place ?? (backwards ? 0 : timeline.count - 1)]
    return stop?.hit
  }

  // MARK: Breakpoints and watches

  @discardableResult
  public mutating func addBreakpoint(_ text: String) throws(CommandError) -> Breakpoint {
    let breakpoint = try Breakpoint(
      number: nextNumber, text: text, layer: layer, configuration: recording.configuration,
      hasOutput: timeline.outputCount > 0)
    _ = try evaluate(breakpoint.query, step)
    nextNumber += 1
    breakpoints.append(breakpoint)
    return breakpoint
  }

  public mutating func deleteBreakpoints(_ number: Int?) throws(CommandError) {
    try breakpoints.delete(number)
  }

  @discardableResult
  public mutating func addWatch(_ text: String) throws(CommandError) -> Watch {
    let query = try query(text, prompt: "watch")
    let watch = Watch(number: nextNumber, text: text, query: query, layer: layer)
    _ = try evaluate(query, step)
    nextNumber += 1
    watches.append(watch)
    return watch
  }

  public mutating func deleteWatches(_ number: Int?) throws(CommandError) {
    try watches.delete(number)
  }

  /// A watch's value at the cursor, or why it has none.
  public func value(of watch: Watch) -> Result<QueryResult, CommandError> {
    let step = RecordedStep(recording: recording, layer: watch.layer, time: cursor.time)
    do throws(CommandError) {
      return .success(try evaluate(watch.query, step))
    } catch {
      return .failure(error)
    }
  }

  /// The answer to an expression at the cursor.
  public func evaluate(_ text: String) throws(CommandError) -> QueryResult {
    try evaluate(query(text, prompt: "print"), step)
  }

  private func query(_ text: String, prompt: String) throws(CommandError) -> Query {
    do throws(EquationError) {
      return try Query(text, prompt: prompt)
    } catch {
      throw CommandError(error.summary)
    }
  }

  private func evaluate(_ query: Query, _ step: RecordedStep) throws(CommandError) -> QueryResult {
    for (name, _) in query.names {
      _ = try Breakpoint.resolve(name, step.layer, recording.configuration)
      let known = recording.cell.equations.map(\.name)
      if name.name != "x", !known.contains(name.name), step.value(name) == nil {
        throw CommandError(
          "\(name.name) is no value of \(recording.cell.name); expected "
            + Suggestion.among(known.map(\.text), for: name.name.text))
      }
    }
    do throws(QueryError) {
      return try query.evaluate(step)
    } catch {
      throw CommandError(error.description)
    }
  }

  // MARK: What if

  /// The run in which a value is set at the cursor's step, or from it on.
  public func requestSetting(
    _ text: String, fromHereOn: Bool
  ) throws(CommandError) -> RecordingRequest {
    let intervention = try Intervention.parse(
      text, configuration: recording.configuration, layer: layer, context: step)
    let times: Range<Int> =
      !fromHereOn
      ? cursor.time..<cursor.time + 1
      : intervention.layer.direction == .forward
        ? cursor.time..<recording.seqLen : 0..<cursor.time + 1
    var request = recording.request
    request.overrides[intervention.layer, default: []].append(intervention.override(times: times))
    return request
  }

  /// The run with another equation in the place of one of the cell's, in every layer. What was set by
  /// hand stays set.
  ///
  /// - Returns: the run to make, and the cell's parameters that are new in it.
  public func requestEdit(
    _ line: String
  ) throws(CommandError) -> (request: RecordingRequest, drawn: [Identifier]) {
    let cell: Cell
    do {
      cell = try recording.cell.replacingEquation(with: line)
    } catch {
      throw CommandError(error.summary)
    }
    guard cell.text != recording.cell.text else {
      throw CommandError("the equation is what it was")
    }
    let (network, drawn) = recording.network.replacingCell(with: cell)
    for layer in network.plans.indices
    where network.plans[layer].valueSizes != recording.network.plans[layer].valueSizes {
      throw CommandError("an equation keeps the size of its value")
    }
    let old = recording.request
    return (
      RecordingRequest(
        network: network, input: old.input, loss: old.loss, answers: old.answers,
        overrides: old.overrides), drawn
    )
  }

  /// The run on another text.
  public func requestText(_ text: String) throws(CommandError) -> RecordingRequest {
    guard let vocabulary else {
      throw CommandError("this model has no vocabulary: its input is vectors")
    }
    let (ids, tokens, unknown) = vocabulary.encode(text)
    guard !ids.isEmpty else { throw CommandError("expected a text of at least one token") }
    let request = recording.request
    var targets: RunInput.Targets?
    if request.loss == .targets {
      let known = request.answers?.targets(tokens)
      targets = .classes(known ?? [Int32](repeating: -1, count: ids.count))
    }
    return RecordingRequest(
      network: recording.network,
      input: RunInput(
        source: .tokens(ids), labels: tokens, unknownCount: unknown, targets: targets),
      loss: request.loss, answers: request.answers)
  }

  /// Goes on with another run of the same input: the original stays as the ghost.
  public mutating func fork(to new: Recording, change: String) {
    history.append((recording, original, changes))
    original = original ?? recording
    recording = new
    changes.append(change)
  }

  /// Goes on with a run of another input, from its start.
  ///
  /// - Parameters:
  ///   - new: the run that is looked at from now on.
  ///   - former: what `undo` goes back to, where that is not the run under the cursor: while a text
  ///     is typed, each letter's run takes the place of the one before.
  public mutating func replace(with new: Recording, insteadOf former: Session? = nil) {
    let former = former ?? self
    history = former.history + [(former.recording, former.original, former.changes)]
    recording = new
    original = nil
    changes = []
    showsDifference = false
    cursor = new.firstNonFinite ?? new.timeline[0]
  }

  /// Takes back the last `fork` or `replace`; the cursor stays where it is, if it can.
  public mutating func undo() throws(CommandError) {
    guard let last = history.popLast() else { throw CommandError("there is nothing to undo") }
    (recording, original, changes) = last
    if original == nil { showsDifference = false }
    if cursor.time >= recording.seqLen { cursor = timeline[0] }
  }
}

extension Session {
  /// The breakpoint that holds at the cursor, if one does.
  public var breakpointHere: Breakpoint? {
    breakpoints.first { $0.stops(at: cursor, in: recording) }
  }

  /// Moves to the same equation at the same step in the other pass.
  public mutating func turnAround() {
    cursor.pass = cursor.pass == .forward ? .backward : .forward
  }
}
