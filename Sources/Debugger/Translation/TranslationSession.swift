internal import Equations
internal import Networks

/// A translation being stepped: the run that is looked at, the cursor in it, what is stopped at, and
/// the runs that `undo` goes back to. It knows nothing of screens.
public struct TranslationSession: Sendable {
  public private(set) var translation: Translation
  public private(set) var cursor: TranslationPosition
  public private(set) var breakpoints: [TranslationBreakpoint] = []
  private var history: [(translation: Translation, cursor: TranslationPosition)] = []
  private var nextNumber = 1

  /// Begins where the first word has been chosen.
  public init(_ translation: Translation) {
    self.translation = translation
    cursor = Self.choice(of: 0)
  }

  /// Where a step's word is chosen.
  private static func choice(of step: Int) -> TranslationPosition {
    TranslationPosition(
      part: .output, time: step, equation: OutputEquation.probabilities.rawValue)
  }

  public var translator: Translator { translation.translator }
  public var timeline: TranslationTimeline { translation.timeline }
  public var stepCount: Int { translation.output.count }

  /// The word of the target that is looked at: the one being written; while the source is read the
  /// first, and on the way back through the encoder the one with the loss.
  public var step: Int {
    guard cursor.part.isEncoder else { return cursor.time }
    return cursor.pass == .forward ? 0 : translation.lossStep ?? stepCount - 1
  }

  /// How many words have been written so far; all of them on the way back.
  public var writtenCount: Int {
    guard cursor.pass == .forward else { return stepCount }
    return isKnown(Self.choice(of: step)) ? step + 1 : step
  }

  /// Whether an equation has run by now.
  public func isKnown(_ position: TranslationPosition) -> Bool {
    guard let there = timeline.index(of: position), let here = timeline.index(of: cursor) else {
      return false
    }
    return there <= here
  }

  /// Whether an equation of some step has run in the pass that is stepped.
  public func isKnown(_ part: TranslationPart, _ equation: Int, time: Int) -> Bool {
    isKnown(
      TranslationPosition(pass: cursor.pass, part: part, time: time, equation: equation))
  }

  // MARK: Moving

  /// Moves by equations; stops at the ends.
  public mutating func step(by count: Int) { cursor = timeline.moved(cursor, by: count) }

  /// Moves by words; stops at the ends.
  public mutating func next(by count: Int) {
    for _ in 0..<min(abs(count), timeline.count) {
      let before = cursor
      cursor = timeline.next(cursor, by: count < 0 ? -1 : 1)
      if cursor == before { break }
    }
  }

  /// Goes to where the first word has been chosen, or the last.
  public mutating func moveToFirstWord() { cursor = Self.choice(of: 0) }
  public mutating func moveToLastWord() { cursor = Self.choice(of: stepCount - 1) }

  public mutating func moveToStart() { cursor = timeline[0] }
  public mutating func moveToEnd() { cursor = timeline[timeline.count - 1] }

  /// Goes to a place; one that is not stepped is left out.
  public mutating func move(to position: TranslationPosition) {
    if timeline.index(of: position) != nil { cursor = position }
  }

  /// Goes to a word that is written, in the pass that is stepped where its loss reaches it.
  public mutating func move(toStep step: Int) {
    var wanted = cursor
    wanted.time = step
    if wanted.part.isEncoder || timeline.index(of: wanted) == nil {
      wanted = Self.choice(of: step)
    }
    cursor = wanted
  }

  /// Goes to the same equation in the other pass, or to where that pass begins.
  public mutating func turnAround() {
    var wanted = cursor
    wanted.pass = cursor.pass == .forward ? .backward : .forward
    if timeline.index(of: wanted) != nil {
      cursor = wanted
    } else if wanted.pass == .backward {
      moveToLoss()
    } else {
      cursor = Self.choice(of: translation.lossStep ?? stepCount - 1)
    }
  }

  /// Goes to where backpropagation begins.
  public mutating func moveToLoss() {
    move(
      to: TranslationPosition(
        pass: .backward, part: .output, time: translation.lossStep ?? stepCount - 1,
        equation: OutputEquation.loss.rawValue))
  }

  /// Runs on to the next breakpoint, or to the end.
  ///
  /// - Returns: the breakpoint that stopped it.
  @discardableResult
  public mutating func run(backwards: Bool = false) -> TranslationBreakpoint? {
    let stop = breakpoints.firstStop(
      from: timeline.index(of: cursor) ?? 0, of: timeline.count, backwards: backwards
    ) { $0.stops(at: timeline[$1], in: translation) }
    cursor = timeline[stop?.place ?? (backwards ? 0 : timeline.count - 1)]
    return stop?.hit
  }

  /// The breakpoint that the step under the cursor fulfils.
  public var breakpointHere: TranslationBreakpoint? {
    let end = timeline.end(of: cursor)
    return breakpoints.first { $0.stops(at: end, in: translation) }
  }

  // MARK: Breakpoints

  @discardableResult
  public mutating func addBreakpoint(
    _ text: String
  ) throws(CommandError) -> TranslationBreakpoint {
    let breakpoint = try TranslationBreakpoint(
      number: nextNumber, text: text, step: TranslationStep(translation, .output, time: step))
    nextNumber += 1
    breakpoints.append(breakpoint)
    return breakpoint
  }

  /// Takes a breakpoint away, or all.
  public mutating func deleteBreakpoints(_ number: Int?) throws(CommandError) {
    try breakpoints.delete(number)
  }

  // MARK: Changes

  /// What is asked for when a word is put in at the current step.
  public func requestForcing(_ word: String) throws(CommandError) -> Translation.Request {
    guard !translation.request.usesTeacher else {
      throw CommandError("the reference gives the words: teacher off lets the model write again")
    }
    let count = word.split(whereSeparator: \.isWhitespace).count
    guard count == 1 else { throw CommandError("force: expected one word, found \(count)") }
    var request = translation.request
    guard step < translator.mostWords else {
      throw CommandError("the sentence has its \(translator.mostWords) words; none can follow")
    }
    request.forced = request.forced.filter { $0.key < step }
    request.forced[step] = try translator.targetID(word)
    return request
  }

  /// What is asked for when the losses of other words are wanted.
  public func request(for loss: Translation.Loss) -> Translation.Request {
    var request = translation.request
    request.loss = loss
    return request
  }

  /// Shows another run; the cursor stays where it is if there is such a place.
  ///
  /// - Parameters:
  ///   - new: the run.
  ///   - keepsHistory: whether `undo` comes back to the one before.
  public mutating func replace(with new: Translation, keepsHistory: Bool = true) {
    if keepsHistory { history.append((translation, cursor)) }
    if history.count > 100 { history.removeFirst() }
    translation = new
    var wanted = cursor
    let count = cursor.part.isEncoder ? new.sourceIDs.count : new.output.count
    wanted.time = min(wanted.time, count - 1)
    cursor = new.timeline.index(of: wanted) == nil ? Self.choice(of: 0) : wanted
  }

  /// Goes back to the run before.
  public mutating func undo() throws(CommandError) {
    guard let (before, place) = history.popLast() else {
      throw CommandError("nothing to undo")
    }
    translation = before
    cursor = place
  }
}

/// A translation to be computed off the main thread.
public struct TranslationWork: Sendable {
  public let translator: Translator
  public let request: Translation.Request

  public init(translator: Translator, request: Translation.Request) {
    self.translator = translator
    self.request = request
  }

  public func run() -> Result<Translation, CommandError> {
    do throws(CommandError) {
      return .success(try Translation(translator, request))
    } catch {
      return .failure(error)
    }
  }
}
