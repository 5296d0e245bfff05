public import Debugger
internal import Equations
internal import Networks

/// The scene without a keyboard: for `unroll shot` and for tests.
extension StepScene {
  public var currentRecording: Recording { session.recording }

  /// Moves to a place in words: `t=12,layer=1,equation=f,unit=17,backward`, and `reverse` for the
  /// layer's other direction. The output layer's equations are y, p and L.
  public func place(_ text: String) throws(CommandError) {
    var position = cursor
    for part in PlaceText(text).parts {
      switch (part.name, part.value) {
      case ("forward", nil): position.pass = .forward
      case ("backward", nil): position.pass = .backward
      case ("t", let value?):
        position.time = try PlaceText.number(value, below: recording.seqLen, "t")
      case ("layer", let value?):
        let layer = try PlaceText.number(value, below: recording.configuration.numLayers, "layer")
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
        try move(&position, toEquation: value)
      case ("unit", let value?):
        selectUnit(try PlaceText.number(value, below: recording.configuration.hiddenSize, "unit"))
      default:
        throw CommandError(
          "expected t=12, layer=1, reverse, equation=f, unit=17, forward or backward; "
            + "found \(part.text)")
      }
    }
    session.move(to: position)
  }

  /// To an equation of the cell, or to a line of the output layer: y, p or L.
  private func move(
    _ position: inout Position, toEquation name: String
  ) throws(CommandError) {
    let output = session.timeline.hasOutput ? OutputEquation.allCases : []
    if let index = recording.cell.equationIndex(of: Identifier(name)) {
      if position.layer == nil { position.part = .layer(session.layer) }
      position.equation = index
    } else if let line = output.first(where: { $0.name == name }) {
      position.part = .output
      position.equation = line.rawValue
    } else {
      let known = equations.map(\.name.text) + output.map(\.name)
      throw CommandError(
        "expected an equation: \(Suggestion.among(known, for: name)); found \(name)")
    }
  }

  /// Runs a command line and waits for what it asks for.
  ///
  /// - Precondition: the scene has not appeared.
  /// - Throws: what was expected.
  public func runNow(_ line: String) throws(CommandError) { try runAndWait(line) }
}
