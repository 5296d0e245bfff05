public import Debugger
internal import Equations
internal import Networks

/// The scene without a keyboard: for `unroll shot` and for tests.
extension StepScene {
  public var currentRecording: Recording { session.recording }

  /// Moves to a place in words: `t=12,layer=1,equation=f,unit=17,backward`, and `reverse` for the
  /// layer's other direction.
  public func place(_ text: String) throws(CommandError) {
    var position = cursor
    for part in text.split(whereSeparator: { $0 == "," || $0 == " " }) {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        .map(String.init)
      switch (pair[0], pair.count > 1 ? pair[1] : nil) {
      case ("forward", nil): position.pass = .forward
      case ("backward", nil): position.pass = .backward
      case ("t", let value?):
        position.time = try number(value, below: recording.seqLen, "t")
      case ("layer", let value?):
        let layer = try number(value, below: recording.configuration.numLayers, "layer")
        let direction = position.layer?.direction ?? .forward
        position.part = .layer(LayerID(layer: layer, direction: direction))
        position.equation = min(position.equation, equations.count - 1)
      case ("reverse", nil):
        guard recording.configuration.isBidirectional else {
          throw CommandError("the network has no reverse direction")
        }
        let layer = (position.layer ?? session.layer).layer
        position.part = .layer(LayerID(layer: layer, direction: .reverse))
        position.equation = min(position.equation, equations.count - 1)
      case ("equation", let value?):
        guard let index = recording.cell.equationIndex(of: Identifier(value)) else {
          throw CommandError(
            "expected an equation: "
              + Suggestion.among(equations.map(\.name.text), for: value) + "; found \(value)")
        }
        if position.layer == nil { position.part = .layer(session.layer) }
        position.equation = index
      case ("unit", let value?):
        selectUnit(try number(value, below: recording.configuration.hiddenSize, "unit"))
      default:
        throw CommandError(
          "expected t=12, layer=1, reverse, equation=f, unit=17, forward or backward; "
            + "found \(part)")
      }
    }
    session.move(to: position)
  }

  private func number(
    _ text: String, below bound: Int, _ name: String
  ) throws(CommandError) -> Int {
    guard let value = Int(text), (0..<bound).contains(value) else {
      throw CommandError("expected \(name)=0 to \(name)=\(bound - 1), found \(name)=\(text)")
    }
    return value
  }

  /// Runs a command line and waits for what it computes.
  public func runNow(_ line: String) throws(CommandError) {
    for effect in execute(line) {
      if case .run(let request, let number) = effect { finish(request.run(), for: number) }
    }
    if let message, message.isError { throw CommandError(message.text) }
  }
}
