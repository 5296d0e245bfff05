internal import Equations
internal import Networks

/// A condition at which `continue` stops.
public struct Breakpoint: Sendable, Numbered {
  static let kind = "breakpoint"
  public let number: Int
  public let text: String
  let query: Query
  /// The layer that names without one mean: the one under the cursor when it was set.
  let layer: LayerID
  /// Where its last value is known, so that it is asked once a step.
  let anchors: Set<Anchor>

  struct Anchor: Hashable, Sendable {
    let pass: Pass
    let part: Position.Part
    let equation: Int
  }

  init(
    number: Int, text: String, layer: LayerID, configuration: NetworkConfiguration,
    hasOutput: Bool
  ) throws(CommandError) {
    do throws(EquationError) {
      query = try Query(text, prompt: "break")
    } catch {
      throw CommandError(error.summary)
    }
    guard query.isCondition else {
      throw CommandError("expected a condition such as mean(f) < 0.1, found \"\(text)\"")
    }
    self.number = number
    self.text = text
    self.layer = layer
    anchors = try Self.anchors(
      query, layer: layer, configuration: configuration, hasOutput: hasOutput)
  }

  private static func anchors(
    _ query: Query, layer: LayerID, configuration: NetworkConfiguration, hasOutput: Bool
  ) throws(CommandError) -> Set<Anchor> {
    let cell = configuration.cell
    let last = cell.equations.count - 1
    var forward: [Anchor] = []
    var backward: [Anchor] = []
    for (name, isGradient) in query.names {
      let id = try resolve(name, layer, configuration)
      if let equation = cell.equationIndex(of: name.name) {
        let anchor = Anchor(
          pass: isGradient ? .backward : .forward, part: .layer(id), equation: equation)
        if isGradient { backward.append(anchor) } else { forward.append(anchor) }
      } else if let line = OutputEquation.allCases.first(where: {
        $0.answers(to: name.name.text)
      }), hasOutput, !isGradient {
        forward.append(Anchor(pass: .forward, part: .output, equation: line.rawValue))
      } else if name.name != "x" || isGradient {
        let known = cell.equations.map(\.name.text) + (hasOutput ? ["y", "p", "loss"] : [])
        throw CommandError(
          "\(name.name) has no \(isGradient ? "gradient" : "value") here; expected "
            + Suggestion.among(known, for: name.name.text))
      }
    }
    // With gradients, everything else is known by then: the last in the backward order counts.
    if let latest = backward.min(by: { order($0) < order($1) }) { return [latest] }
    if let latest = forward.max(by: { order($0) < order($1) }) { return [latest] }
    return [
      Anchor(pass: .forward, part: .layer(layer), equation: 0),
      Anchor(pass: .backward, part: .layer(layer), equation: last),
    ]
  }

  /// The forward order within a step.
  private static func order(_ anchor: Anchor) -> Int {
    switch anchor.part {
    case .output: 1_000_000 + anchor.equation
    case .layer(let id): (id.layer * 2 + id.direction.rawValue) * 10_000 + anchor.equation
    }
  }

  static func resolve(
    _ name: QueryName, _ layer: LayerID, _ configuration: NetworkConfiguration
  ) throws(CommandError) -> LayerID {
    guard let number = name.layer else { return layer }
    guard number < configuration.numLayers else {
      throw CommandError(
        "there are layers 0 to \(configuration.numLayers - 1), found layer\(number)")
    }
    guard !name.isReverse || configuration.isBidirectional else {
      throw CommandError("the network has no reverse direction")
    }
    return LayerID(layer: number, direction: name.isReverse ? .reverse : .forward)
  }

  /// Whether the run stops here.
  func stops(at position: Position, in recording: Recording) -> Bool {
    let here = Anchor(pass: position.pass, part: position.part, equation: position.equation)
    guard anchors.contains(here) else { return false }
    let step = RecordedStep(recording: recording, layer: layer, time: position.time)
    do throws(QueryError) {
      return try query.evaluate(step).isTrue
    } catch {
      return false
    }
  }
}
