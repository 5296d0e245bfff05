internal import Equations

/// What `continue` stops at: a word, or a condition that a step fulfils.
public struct TranslationBreakpoint: Sendable, Numbered {
  static let kind = "breakpoint"
  public let number: Int
  public let text: String
  private let query: Query?
  private let word: Int32?
  private let isAboutGradients: Bool

  /// - Parameters:
  ///   - number: what it is called.
  ///   - text: a word of the target's language, or a condition such as `max(A) > 0.9`.
  ///   - step: where its names must have values.
  /// - Throws: what was expected.
  init(number: Int, text: String, step: TranslationStep) throws(CommandError) {
    self.number = number
    self.text = text
    let translator = step.translation.translator
    if let id = translator.target.id(of: text) {
      word = id
      query = nil
      isAboutGradients = false
      return
    }
    word = nil
    let query: Query
    do throws(EquationError) {
      query = try Query(text, prompt: "break")
    } catch {
      throw CommandError(error.summary)
    }
    guard query.isCondition else {
      throw CommandError(
        "expected a word of the model's \(translator.target.name) or a condition such as "
          + "max(A) > 0.9, found \"\(text)\"")
    }
    for (name, _) in query.names where step.place(of: name) == nil {
      throw CommandError(
        "\(name.name) has no value here; expected "
          + Suggestion.among(step.names, for: name.name.text))
    }
    do throws(QueryError) {
      _ = try query.evaluate(step)
    } catch {
      throw CommandError(error.description)
    }
    self.query = query
    isAboutGradients = query.names.contains { $0.isGradient }
  }

  /// Whether it stops at a position: the last one of a step, when all of it is known.
  func stops(at position: TranslationPosition, in translation: Translation) -> Bool {
    guard !position.part.isEncoder, position.pass == (isAboutGradients ? .backward : .forward),
      translation.timeline.end(of: position) == position
    else { return false }
    if let word { return translation.output[position.time] == word }
    let step = TranslationStep(translation, .output, time: position.time)
    do throws(QueryError) {
      return try query?.evaluate(step).isTrue ?? false
    } catch {
      return false
    }
  }
}
