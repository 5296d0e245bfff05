public import Networks
public import Tensors

/// A tensor of a checkpoint and the parameters of the network that it stands for.
///
/// The parameters are a linear function of the tensors: a cell's bias is the sum of PyTorch's two, a
/// tied matrix is the embedding and the output layer. The gradient of a tensor follows from that.
public struct TensorBinding: Sendable, Equatable {
  /// As in the file.
  public let name: String
  public let shape: [Int]
  /// Where the tensor's elements are added in the network's parameters: for each use of the tensor
  /// the places of its consecutive parts.
  public let uses: [[Range<Int>]]

  /// - Precondition: each use has as many elements as the shape says.
  public init(name: String, shape: [Int], uses: [[Range<Int>]]) {
    let count = shape.reduce(1, *)
    for use in uses {
      let found = use.reduce(0) { $0 + $1.count }
      precondition(found == count, "\(name): \(found) elements for \(shape)")
    }
    self.name = name
    self.shape = shape
    self.uses = uses
  }

  /// A tensor that is one parameter, under the network's own name.
  public init(_ entry: ParameterLayout.Entry) {
    self.init(name: entry.name, shape: entry.shape, uses: [[entry.range]])
  }

  /// ∂L/∂tensor, row-major in the tensor's shape, from ∂L/∂parameters, laid out as they are.
  public func gradient<Scalar: TensorScalar>(from gradients: Buffer<Scalar>) -> [Scalar] {
    var sum: [Scalar] = []
    for use in uses {
      let part = use.flatMap { gradients.array($0) }
      sum = sum.isEmpty ? part : zip(sum, part).map { $0 + $1 }
    }
    return sum
  }
}

/// Fills a network's parameters from tensors and keeps what was found on the way.
struct ParameterFiller {
  let network: Network<Float>
  private(set) var bindings: [TensorBinding] = []
  private(set) var warnings: [String] = []
  /// Where parameters have been written: a second tensor for the same place is added.
  private var filled: Set<Int> = []
  private var nonFiniteCount = 0

  init(network: Network<Float>) { self.network = network }

  mutating func bind(_ binding: TensorBinding, to elements: [Float]) {
    for use in binding.uses {
      var position = 0
      for range in use {
        let part = Array(elements[position..<position + range.count])
        position += range.count
        if filled.insert(range.lowerBound).inserted {
          network.parameters.copy(from: part, at: range.lowerBound)
        } else {
          for (index, value) in zip(range, part) { network.parameters[index] += value }
        }
      }
    }
    bindings.append(binding)
    if let index = elements.firstIndex(where: { !$0.isFinite }) {
      nonFiniteCount += 1
      if nonFiniteCount == 1 {
        let place = Self.indices(of: index, in: binding.shape).map(String.init)
        warnings.append(
          "tensor \(Printable.escape(binding.name, limit: 80)) holds \(elements[index]) at "
            + "[\(place.joined(separator: ", "))]")
      }
    }
  }

  /// The warnings, with how many tensors more have numbers that are not finite.
  func allWarnings() -> [String] {
    guard nonFiniteCount > 1 else { return warnings }
    let others = nonFiniteCount - 1
    return warnings.map {
      $0 + ", and \(others) other \(others == 1 ? "tensor" : "tensors") NaN or infinity"
    }
  }

  /// The index in each dimension of a row-major array.
  private static func indices(of position: Int, in shape: [Int]) -> [Int] {
    var rest = position
    var result: [Int] = []
    for size in shape.reversed() {
      result.insert(rest % size, at: 0)
      rest /= size
    }
    return result
  }
}
