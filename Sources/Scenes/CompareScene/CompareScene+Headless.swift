public import Debugger
internal import Learning

/// The scene without a keyboard: for `unroll shot` and for tests.
extension CompareScene {
  /// Carries out what was asked for on the caller's thread.
  ///
  /// - Precondition: the scene has not appeared.
  public func performNow() { settle() }

  /// Makes so many updates of all lanes.
  public func train(updates: Int) {
    if updates > 0 { runner.send(.step(updates)) }
    performNow()
  }

  /// Runs a command line and waits for what it asks for.
  ///
  /// - Precondition: the scene has not appeared.
  /// - Throws: what was expected.
  public func runNow(_ line: String) throws(CommandError) { try runWithoutTerminal(line) }

  /// Shows a panel large.
  ///
  /// - Throws: the names of the panels.
  public func zoom(_ name: String) throws(CommandError) { try zoom(on: name) }
}
