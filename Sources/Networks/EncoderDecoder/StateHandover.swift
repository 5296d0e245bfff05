internal import Equations
public import Tensors

/// Where a decoder's first states come from: they begin as an encoder's last ones, layer by layer, the
/// directions side by side (Sutskever et al. 2014).
public struct StateHandover<Scalar: TensorScalar> {
  private let encoder: NetworkPass<Scalar>
  private let decoder: NetworkPass<Scalar>

  /// - Precondition: one cell, as many layers, the decoder as wide as the encoder's directions together.
  public init(encoder: NetworkPass<Scalar>, decoder: NetworkPass<Scalar>) {
    let (from, to) = (encoder.configuration, decoder.configuration)
    precondition(
      from.cell.states.count == to.cell.states.count && from.numLayers == to.numLayers
        && from.layerOutputSize == to.hiddenSize && !to.isBidirectional
        && encoder.batchSize == decoder.batchSize,
      "states that do not fit")
    self.encoder = encoder
    self.decoder = decoder
  }

  /// Sets the decoder's first states, when the encoder has run.
  public func forward() {
    for link in links {
      let last = link.encoder.finalState(link.state)
      let first = link.decoder.initialState(link.state)
      for row in 0..<encoder.batchSize {
        unsafe (first.pointer + link.place(row)).update(
          from: last.pointer + row * link.count, count: link.count)
      }
    }
  }

  /// Adds what reaches the decoder's first states to the gradients of the encoder's last ones: when the
  /// decoder has run back, as `addFinalStateGradients` of the encoder's `backward`.
  public func backward() {
    for link in links {
      guard let last = link.encoder.finalStateGradient(link.state),
        let first = link.decoder.initialStateGradient(link.state)
      else { continue }
      for row in 0..<encoder.batchSize {
        unsafe Scalar.addScaled(
          link.count, alpha: 1, x: first.pointer + link.place(row),
          to: last.pointer + row * link.count)
      }
    }
  }

  /// A state of the encoder in one direction, and the columns of the decoder's that begin as it.
  private struct Link {
    let encoder: Unrolling<Scalar>
    let decoder: Unrolling<Scalar>
    let state: Int
    let firstColumn: Int

    var count: Int { encoder.plan.hiddenSize }

    /// Where the columns of a row begin.
    func place(_ row: Int) -> Int { row * decoder.plan.hiddenSize + firstColumn }
  }

  private var links: [Link] {
    encoder.layers.indices.flatMap { layer in
      encoder.layers[layer].enumerated().flatMap { index, source in
        source.plan.cell.states.indices.map { state in
          Link(
            encoder: source, decoder: decoder.layers[layer][0], state: state,
            firstColumn: index * source.plan.hiddenSize)
        }
      }
    }
  }
}
