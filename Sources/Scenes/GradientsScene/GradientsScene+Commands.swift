public import Debugger
public import Learning

extension GradientsScene {
  static var commands: [CommandWord] { LabCommand.words }

  func perform(_ line: String) throws(CommandError) -> [SceneEffect] {
    try perform(try LabCommand(line))
  }

  func completions(_ text: String) -> (start: Int, candidates: [String])? { labCompletions(text) }

  func set(_ knob: Knob, to text: String) throws(CommandError) {
    self.knob = knob
    change(try knob.set(settings, to: text))
  }

  /// Carries out orders without a thread, for `unroll shot` and tests.
  ///
  /// - Precondition: the scene has not appeared.
  public func performNow(_ orders: LabOrder...) {
    for order in orders { runner.send(order) }
    settle()
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
