internal import Equations
internal import Networks
internal import Tensors

extension EncoderDecoderTrace {
  /// Every named value, and every gradient after a backward pass.
  ///
  /// - `input_tokens` `[T_in]`, `decoder.input_tokens` and `output_tokens` `[T_out]`: what the encoder
  ///   and the decoder are given, and what the decoder should say (−1: nothing).
  /// - `encoder.…` and `decoder.…`: what enters (`embeddings`), `layerN.NAME` of each equation
  ///   (`layerN.reverse.NAME` of the other direction), and what leaves (`output`, of a transformer
  ///   `last_hidden_state`). Of a transformer's attention `layerN.attention` `[heads, T, T]` and
  ///   `decoder.layerN.cross.attention` `[heads, T_out, T_in]`.
  /// - Of a recurrent model that attends: `alignment` `[T_out, T_in]`, `context` `[T_out, H]`,
  ///   `attention.scores`, and `attention.output`, which the output layer reads.
  /// - `logits` and `probabilities` `[T_out, V]`, `loss` `[T_out]`.
  /// - `grad.NAME` of each of these that is a function of the parameters, and `grad.param.TENSOR` in the
  ///   layout of the checkpoint.
  public var arrays: [NamedArray] { values + gradients }

  private func ids(_ name: String, _ ids: [Int32]) -> NamedArray {
    NamedArray(name: name, shape: [ids.count], data: ids.map(Int.init))
  }

  private func written(_ name: String, _ elements: BufferView<Float>) -> NamedArray {
    rows(name, elements, input.inputs.count)
  }

  private var values: [NamedArray] {
    var arrays = [
      ids("input_tokens", input.source), ids("decoder.input_tokens", input.inputs),
      ids("output_tokens", input.targets),
    ]
    switch pass.core {
    case .recurrent(let core):
      arrays += core.encoder.arrays("encoder.") + core.decoder.arrays("decoder.")
      if let attention = core.attention {
        arrays += attentionArrays(attention, prefix: "") { attention.matrix(of: $0) }
      }
    case .transformer(let encoder, let decoder):
      arrays += encoder.arrays("encoder.") + decoder.arrays("decoder.")
    }
    arrays.append(written("logits", pass.logits))
    arrays.append(written("probabilities", pass.probabilities))
    arrays.append(
      NamedArray(name: "loss", shape: [losses.count], data: losses.map { Float($0) }))
    return arrays
  }

  private var gradients: [NamedArray] {
    guard let parameterGradients else { return [] }
    var arrays: [NamedArray] = []
    switch pass.core {
    case .recurrent(let core):
      arrays += core.encoder.gradientArrays("grad.encoder.")
      arrays += core.decoder.gradientArrays("grad.decoder.")
      if let attention = core.attention {
        arrays += attentionArrays(attention, prefix: "grad.") { attention.gradientMatrix(of: $0) }
      }
    case .transformer(let encoder, let decoder):
      arrays += encoder.gradientArrays("grad.encoder.")
      arrays += decoder.gradientArrays("grad.decoder.")
    }
    if let logits = pass.head.logitGradients {
      arrays.append(written("grad.logits", BufferView(logits)))
    }
    for binding in model.bindings {
      arrays.append(
        NamedArray(
          name: "grad.param.\(binding.name)", shape: binding.shape,
          data: binding.gradient(from: parameterGradients, layout: model.model.layout)))
    }
    return arrays
  }

  /// The values between decoder and encoder. The weights are the alignment, C is the context vector.
  private func attentionArrays(
    _ attention: BlockPass<Float>, prefix: String, _ matrix: (Int) -> BlockMatrix<Float>?
  ) -> [NamedArray] {
    let block = attention.plan.block
    let alignment = pass.crossAttention.first?.equation
    let context = block.equationIndex(of: "C")
    return block.equations.indices.compactMap { index in
      guard let matrix = matrix(index) else { return nil }
      let name =
        switch index {
        case alignment: "alignment"
        case context: "context"
        default: "attention.\(block.traceName(ofEquation: index))"
        }
      // One head is none.
      let shape = matrix.shape.count == 3 ? Array(matrix.shape.dropFirst()) : matrix.shape
      return NamedArray(name: prefix + name, shape: shape, data: matrix.view)
    }
  }
}

/// Half the sum of squares of each row.
func lossArray(_ output: BufferView<Float>, _ count: Int) -> NamedArray {
  NamedArray(name: "loss", shape: [count], data: output.halfSquares(rows: count).map { Float($0) })
}

private func rows(_ name: String, _ elements: BufferView<Float>, _ count: Int) -> NamedArray {
  NamedArray(name: name, shape: [count, elements.count / count], data: elements)
}

/// A half of a recurrent model, of one sentence.
extension NetworkPass<Float> {
  private var unrollings: [(name: String, unrolling: Unrolling<Float>)] {
    layers.enumerated().flatMap { layer, directions in
      zip(network.configuration.directions, directions).map {
        (LayerID(layer: layer, direction: $0).name, $1)
      }
    }
  }

  private var inputName: String {
    network.configuration.input.vocabularySize == nil ? "input" : "embeddings"
  }

  func arrays(_ prefix: String) -> [NamedArray] {
    [rows("\(prefix)\(inputName)", BufferView(input), seqLen)]
      + unrollings.flatMap { name, unrolling in
        unrolling.plan.cell.equations.enumerated().map { index, equation in
          rows("\(prefix)\(name).\(equation.name)", unrolling.values(of: index), seqLen)
        }
      } + [rows("\(prefix)output", output, seqLen)]
  }

  func gradientArrays(_ prefix: String) -> [NamedArray] {
    var arrays: [NamedArray] = []
    if let inputGradient {
      arrays.append(rows("\(prefix)\(inputName)", BufferView(inputGradient), seqLen))
    }
    for (name, unrolling) in unrollings {
      for (index, equation) in unrolling.plan.cell.equations.enumerated() {
        guard let gradient = unrolling.gradients(of: index) else { continue }
        arrays.append(rows("\(prefix)\(name).\(equation.name)", gradient, seqLen))
      }
    }
    return arrays
  }
}

/// A half of a transformer, of one sequence.
extension TransformerPass<Float> {
  private func layerArrays(
    _ prefix: String, _ matrix: (BlockPass<Float>, Int) -> BlockMatrix<Float>?
  ) -> [NamedArray] {
    (0..<transformer.configuration.layerCount).flatMap { index in
      let layer = layer(index)
      let block = layer.plan.block
      return block.equations.indices.compactMap { equation in
        matrix(layer, equation).map {
          NamedArray(
            name: "\(prefix)layer\(index).\(block.traceName(ofEquation: equation))",
            shape: $0.shape, data: $0.view)
        }
      }
    }
  }

  func arrays(_ prefix: String) -> [NamedArray] {
    let takesTokens = transformer.configuration.vocabularySize != nil
    return [rows("\(prefix)\(takesTokens ? "embeddings" : "input")", embeddings, seqLen)]
      + layerArrays(prefix) { $0.matrix(of: $1) }
      + [rows("\(prefix)last_hidden_state", lastHiddenState, seqLen)]
  }

  func gradientArrays(_ prefix: String) -> [NamedArray] {
    let configuration = transformer.configuration
    var arrays: [NamedArray] = []
    // A norm behind the embedding makes what is added up there another value.
    if let inputGradient, !configuration.normalizesEmbedding {
      let name = configuration.vocabularySize == nil ? "input" : "embeddings"
      arrays.append(rows("\(prefix)\(name)", inputGradient, seqLen))
    }
    return arrays + layerArrays(prefix) { $0.gradientMatrix(of: $1) }
  }
}
