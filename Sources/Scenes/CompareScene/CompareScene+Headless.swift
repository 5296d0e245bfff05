public import Debugger
internal import Equations
internal import Learning

/// The scene without a keyboard: for `unroll shot` and for tests.
extension CompareScene {
  /// Carries out what was asked for on the caller's thread.
  ///
  /// - Precondition: the scene has not appeared.
  public func performNow() { take(runner.performNow()) }

  /// Makes so many updates of all lanes.
  public func train(updates: Int) {
    if updates > 0 { runner.send(.step(updates)) }
    performNow()
  }

  /// Runs a command line and waits for what it asks for.
  ///
  /// - Throws: `CommandError` where it is not understood or fails.
  public func runNow(_ line: String) throws(CommandError) {
    _ = execute(line)
    performNow()
    if let message, message.isError { throw CommandError(message.text) }
  }

  /// Shows a panel large.
  ///
  /// - Throws: the names of the panels.
  public func zoom(_ name: String) throws(CommandError) {
    guard let panel = Panel.allCases.first(where: { "\($0)" == name }) else {
      let known = Panel.allCases.map { "\($0)" }
      throw CommandError("expected a panel: \(Suggestion.among(known, for: name)); found \(name)")
    }
    focus = panel
    isZoomed = true
  }
}
