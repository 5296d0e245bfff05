public import Equations

/// A head of a layer.
public struct HeadID: Sendable, Hashable, Comparable, CustomStringConvertible {
  public let layer: Int
  public let head: Int

  public init(layer: Int, head: Int) {
    self.layer = layer
    self.head = head
  }

  /// "2.4" as it is typed.
  public var description: String { "\(layer).\(head)" }

  public static func < (a: HeadID, b: HeadID) -> Bool { (a.layer, a.head) < (b.layer, b.head) }
}

/// What is run, and how it differs from the model as it is.
public struct AttentionRequest: Sendable, Hashable {
  public var text: String
  /// Heads whose results are set to zero before the heads are joined.
  public var ablated: Set<HeadID>
  /// How queries are compared with keys; nil as the model was trained.
  public var similarity: Similarity?
  /// Whether words know where they stand, in a model that tells them.
  public var hasPositions: Bool

  public init(
    text: String, ablated: Set<HeadID> = [], similarity: Similarity? = nil,
    hasPositions: Bool = true
  ) {
    self.text = text
    self.ablated = ablated
    self.similarity = similarity
    self.hasPositions = hasPositions
  }

  public var isChanged: Bool { self != unchanged }

  public func hasSameChanges(as other: AttentionRequest) -> Bool {
    var same = other
    same.text = text
    return self == same
  }

  /// The same text in the model as it is.
  public var unchanged: AttentionRequest { AttentionRequest(text: text) }
}

/// What became of a request.
public struct AttentionOutcome: Sendable {
  /// Nil where there was nothing to run.
  public let source: (any AttentionSource)?
  /// What the user should know, e.g. that the text was cut; empty if nothing.
  public let notice: String

  public init(_ source: (any AttentionSource)?, notice: String = "") {
    self.source = source
    self.notice = notice
  }
}

/// A model as the attend scene needs it: a text in, a run out.
public struct AttentionModel: Sendable {
  public let name: String
  /// E.g. "BERT, 6 layers of 12 heads".
  public let summary: String
  /// Whether another text can be typed; not where the input is a file of numbers.
  public let takesText: Bool
  /// Whether the model adds positions, which a request can leave out.
  public let hasPositions: Bool
  /// Runs the model. Takes as long as the model is large: called off the main thread.
  public let compute: @Sendable (AttentionRequest) -> AttentionOutcome

  public init(
    name: String, summary: String, takesText: Bool = true, hasPositions: Bool = false,
    compute: @escaping @Sendable (AttentionRequest) -> AttentionOutcome
  ) {
    self.name = name
    self.summary = summary
    self.takesText = takesText
    self.hasPositions = hasPositions
    self.compute = compute
  }
}

/// The runs behind one picture: of the text with its changes, of the model as it is, and of a second
/// sentence to compare with.
public struct AttentionResult: Sendable {
  public let request: AttentionRequest
  /// The run that is shown.
  public let shown: AttentionAnalysis
  /// The model as it is; the same as `shown` where nothing was changed.
  public let plain: AttentionAnalysis
  /// The sentence that is compared with.
  public let second: AttentionAnalysis?
  public let secondText: String?
  public let notice: String
}

/// What came of some work; nothing where the text has no tokens.
public struct AttentionAnswer: Sendable {
  public let result: AttentionResult?
  public let notice: String
}

/// Computes what a picture needs.
public struct AttentionWork: Sendable {
  public let model: AttentionModel
  public let request: AttentionRequest
  public let secondText: String?
  /// What is there already and need not be computed again.
  public let known: AttentionResult?

  public init(
    model: AttentionModel, request: AttentionRequest, secondText: String? = nil,
    known: AttentionResult? = nil
  ) {
    self.model = model
    self.request = request
    self.secondText = secondText
    self.known = known
  }

  public func run() -> AttentionAnswer {
    let (plain, notice) = analysis(request.unchanged)
    guard let plain else { return AttentionAnswer(result: nil, notice: notice) }
    var shown = plain
    if request.isChanged {
      guard let changed = analysis(request).analysis else {
        return AttentionAnswer(result: nil, notice: notice)
      }
      shown = changed
    }
    var second: AttentionAnalysis?
    if let secondText {
      var other = request
      other.text = secondText
      if let known, known.secondText == secondText, known.request.hasSameChanges(as: other) {
        second = known.second
      } else {
        second = analysis(other).analysis
      }
    }
    let result = AttentionResult(
      request: request, shown: shown, plain: plain, second: second, secondText: secondText,
      notice: notice)
    return AttentionAnswer(result: result, notice: notice)
  }

  private func analysis(
    _ wanted: AttentionRequest
  ) -> (analysis: AttentionAnalysis?, notice: String) {
    if let known {
      if known.request == wanted { return (known.shown, known.notice) }
      if known.request.unchanged == wanted { return (known.plain, known.notice) }
    }
    let outcome = model.compute(wanted)
    return (outcome.source.map { AttentionAnalysis($0) }, outcome.notice)
  }
}
