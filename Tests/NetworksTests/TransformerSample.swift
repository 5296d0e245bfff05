import Equations
import Networks
import Tensors
import Testing

/// Small transformers for tests.
enum TransformerSample {
  /// Two layers with every part that the kind has; random weights that are not small.
  static func make<Scalar: TensorScalar>(
    _ type: Scalar.Type, block: String, change: (inout TransformerConfiguration) -> Void = { _ in }
  ) throws -> Transformer<Scalar> {
    let program = try #require(try Block.shipped(block, constants: ["ε": 1e-3]))
    var configuration = TransformerConfiguration(
      input: .tokens(vocabularySize: 7), modelSize: 6, headCount: 2, feedForwardSize: 8,
      blocks: [program, program], positions: .learned(count: 6), normalizesOutput: true,
      head: .tied(hasBias: true), normEpsilon: 1e-3)
    change(&configuration)
    let transformer = Transformer<Scalar>(configuration)
    var random = SeededRandom(seed: 5)
    for entry in transformer.layout.entries {
      // Gains far from 0, so that every layer matters.
      let mean = entry.role == .vector(isGain: true) ? 1.0 : 0
      for index in entry.range {
        transformer.parameters[index] = Scalar(mean + 0.4 * random.normal())
      }
    }
    return transformer
  }

  /// The part of a padded `[B, T, n]` that belongs to a sequence.
  static func rows<Scalar>(
    _ view: BufferView<Scalar>, sequence: Int, seqLen: Int, count: Int, batchSize: Int
  ) -> [Scalar] {
    let size = view.count / (batchSize * seqLen)
    let first = sequence * seqLen * size
    return (first..<first + count * size).map { view[$0] }
  }

  static func worst<Scalar: TensorScalar>(_ a: [Scalar], _ b: [Scalar]) -> Double {
    precondition(a.count == b.count, "\(a.count) and \(b.count)")
    return zip(a, b).map { Double(abs($0 - $1)) }.max() ?? 0
  }
}
