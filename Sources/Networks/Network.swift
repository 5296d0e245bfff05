public import Equations
public import Tensors

/// A network with its weights.
public final class Network<Scalar: TensorScalar>: Sendable {
  public let configuration: NetworkConfiguration
  public let layout: ParameterLayout
  /// All parameters, laid out by `layout`.
  public let parameters: Buffer<Scalar>
  /// The plan of each layer: the same for all but the first, whose input has another size.
  public let plans: [Plan]

  /// A network of zeros; fill it from a checkpoint or with `initialize`.
  ///
  /// - Parameters:
  ///   - configuration: what it consists of.
  ///   - parameters: memory for its parameters, a part of a larger model's; nil for memory of its own.
  public init(_ configuration: NetworkConfiguration, parameters: Buffer<Scalar>? = nil) {
    self.configuration = configuration
    layout = ParameterLayout(configuration)
    precondition(parameters?.count ?? layout.count == layout.count, "memory of another size")
    self.parameters = parameters ?? Buffer(count: layout.count)
    var bySize: [Int: Plan] = [:]
    plans = (0..<configuration.numLayers).map { layer in
      let size = configuration.inputSize(ofLayer: layer)
      let plan =
        bySize[size]
        ?? Plan(cell: configuration.cell, inputSize: size, hiddenSize: configuration.hiddenSize)
      bySize[size] = plan
      return plan
    }
  }

  public func values(of entry: ParameterLayout.Entry) -> [Scalar] {
    parameters.array(entry.range)
  }

  /// The same network in another precision.
  public func converted<Other: TensorScalar>(to type: Other.Type) -> Network<Other> {
    let other = Network<Other>(configuration)
    for index in 0..<parameters.count { other.parameters[index] = Other(parameters[index]) }
    return other
  }

  /// The first parameter that holds a NaN or an infinity, with the index of that element.
  public var firstNonFinite: (entry: ParameterLayout.Entry, index: Int)? {
    guard let position = parameters.firstNonFinite else { return nil }
    return layout.entries.first { $0.range.contains(position) }
      .map { ($0, position - $0.offset) }
  }
}
