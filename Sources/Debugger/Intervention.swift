public import Equations
public import Networks

/// `f[3] = 0`: which values are set, and to what.
public struct Intervention: Sendable {
  public let layer: LayerID
  public let equation: Int
  public let units: Range<Int>
  public let values: [Double]

  public func override(times: Range<Int>) -> Override {
    Override(equation: equation, times: times, units: units, values: values)
  }
}

/// Something that was typed and can't be done: one line that says what was expected.
public struct CommandError: Error, Sendable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}

extension Intervention {
  /// Parses `NAME = VALUE`, `NAME[3] = VALUE` or `NAME[2..5] = VALUE`, where NAME may say its layer
  /// (`layer1.reverse.f`) and VALUE is a number or an expression over the values of the step.
  ///
  /// - Parameters:
  ///   - text: what was typed.
  ///   - configuration: of the network whose values are set.
  ///   - layer: where a name without a layer is looked for.
  ///   - context: what VALUE may refer to; nil where there is no step yet.
  /// - Returns: the values, without the steps at which they are set.
  /// - Throws: what was expected.
  public static func parse(
    _ text: String, configuration: NetworkConfiguration, layer: LayerID, context: RecordedStep?
  ) throws(CommandError) -> Intervention {
    guard let equals = text.firstIndex(of: "=") else {
      throw CommandError("expected NAME = VALUE, such as f[3] = 0; found \"\(text)\"")
    }
    var target = text[..<equals].filter { !$0.isWhitespace }[...]
    let valueText = String(text[text.index(after: equals)...])
    var range: Range<Int>?
    if let open = target.firstIndex(of: "[") {
      guard target.last == "]" else { throw CommandError("expected \"]\" after the unit") }
      range = try Self.range(String(target[target.index(after: open)...].dropLast()))
      target = target[..<open]
    }
    let (id, name) = try qualified(String(target), configuration, layer)
    let cell = configuration.cell
    guard let equation = cell.equationIndex(of: Identifier(name)) else {
      let known = cell.equations.map(\.name.text)
      throw CommandError(
        "\(name) is no value of \(cell.name); expected \(Suggestion.among(known, for: name))")
    }
    // The input size of the layer only matters for values as long as x.
    let size = cell.size(
      of: equation, inputSize: configuration.inputSize(ofLayer: id.layer),
      hiddenSize: configuration.hiddenSize)
    let units = range ?? 0..<size
    guard units.upperBound <= size else {
      throw CommandError("\(name) has units 0 to \(size - 1), found \(units.upperBound - 1)")
    }
    let values = try self.values(valueText, context)
    guard values.count == 1 || values.count == units.count else {
      throw CommandError("\(values.count) values for \(units.count) units")
    }
    return Intervention(layer: id, equation: equation, units: units, values: values)
  }

  private static func range(_ text: String) throws(CommandError) -> Range<Int> {
    let parts = text.components(separatedBy: "..")
    if parts.count == 1, let unit = Int(parts[0]), unit >= 0, unit < Int(Int32.max) {
      return unit..<unit + 1
    }
    if parts.count == 2, let first = Int(parts[0]), let last = Int(parts[1]), first >= 0,
      first < Int(Int32.max), last < Int(Int32.max)
    {
      guard first <= last else {
        throw CommandError("expected the lower number first, \(last)..\(first); found \(text)")
      }
      return first..<last + 1
    }
    throw CommandError("expected a number such as 3 or a range such as 2..5, found \(text)")
  }

  private static func qualified(
    _ text: String, _ configuration: NetworkConfiguration, _ layer: LayerID
  ) throws(CommandError) -> (LayerID, String) {
    let parts = text.components(separatedBy: ".")
    guard parts.count > 1 else { return (layer, text) }
    let isReverse = parts.count == 3 && parts[1] == "reverse"
    guard parts[0].hasPrefix("layer"), let number = Int(parts[0].dropFirst(5)),
      parts.count == 2 || isReverse
    else { throw CommandError("expected a name such as f or layer1.f, found \(text)") }
    guard number >= 0, number < configuration.numLayers else {
      throw CommandError("there are layers 0 to \(configuration.numLayers - 1), found \(parts[0])")
    }
    guard !isReverse || configuration.isBidirectional else {
      throw CommandError("the network has no reverse direction")
    }
    return (
      LayerID(layer: number, direction: isReverse ? .reverse : .forward), parts[parts.count - 1]
    )
  }

  private static func values(
    _ text: String, _ context: RecordedStep?
  ) throws(CommandError) -> [Double] {
    let query: Query
    do throws(EquationError) {
      query = try Query(text, prompt: "set")
    } catch {
      throw CommandError(error.summary)
    }
    let result: QueryResult
    do throws(QueryError) {
      if let context {
        result = try query.evaluate(context)
      } else {
        result = try query.evaluate(NoContext())
      }
    } catch {
      throw CommandError(error.description)
    }
    switch result {
    case .number(let value): return [value]
    case .numbers(let values): return values
    case .text(let text): throw CommandError("expected a number, found \"\(text)\"")
    }
  }

  /// Parses `t=4: f[3] = 0` or `t=4..9: layer1.o = 1`, as the command line takes it.
  public static func parseTimed(
    _ text: String, configuration: NetworkConfiguration, seqLen: Int
  ) throws(CommandError) -> (layer: LayerID, override: Override) {
    let expected = "expected 't=4: f[3] = 0' or 't=4..9: layer1.o = 1', found '\(text)'"
    guard let colon = text.firstIndex(of: ":") else { throw CommandError(expected) }
    let head = text[..<colon].filter { !$0.isWhitespace }
    guard head.hasPrefix("t=") else { throw CommandError(expected) }
    let range: Range<Int>
    do throws(CommandError) {
      range = try Self.range(String(head.dropFirst(2)))
    } catch {
      throw CommandError("\(error); the steps of '\(text)'")
    }
    guard range.upperBound <= seqLen else {
      throw CommandError("the input has steps 0 to \(seqLen - 1), found t=\(range.upperBound - 1)")
    }
    let intervention = try parse(
      String(text[text.index(after: colon)...]), configuration: configuration,
      layer: LayerID(layer: 0), context: nil)
    return (intervention.layer, intervention.override(times: range))
  }
}

/// A place without values: plain numbers can be evaluated here.
private struct NoContext: QueryContext {
  var token: String { "" }
  var time: Int { 0 }
  func value(_ name: QueryName) -> [Double]? { nil }
  func previous(_ name: QueryName) -> [Double]? { nil }
  func gradient(_ name: QueryName) -> [Double]? { nil }
}

extension String {
  /// The parts between occurrences of `separator`.
  func components(separatedBy separator: String) -> [String] {
    var parts: [String] = []
    var rest = self[...]
    while let range = rest.firstRange(of: separator) {
      parts.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    return parts + [String(rest)]
  }
}
