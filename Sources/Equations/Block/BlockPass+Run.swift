internal import Tensors

extension BlockPass {
  /// Runs the block and keeps every value.
  ///
  /// - Parameters:
  ///   - inputs: X `[B, T, D]`, then the further inputs.
  ///   - parameters: the block's parameters; offsets in the order of `block.parameters`.
  ///   - interventions: values that are set by hand.
  /// - Complexity: O(B·T·D·(D + F + T)); allocates nothing.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func forward(
    inputs: [BufferView<Scalar>], parameters: ParameterSlice<Scalar>,
    interventions: [BlockIntervention] = []
  ) {
    checkInputs(inputs)
    arguments = Arguments(inputs: inputs, parameters: parameters)
    defer { arguments = nil }
    knownRows = rowCounts[0]
    for index in plan.forward.indices {
      switch plan.forward[index] {
      case .elementwise(let program, let layout):
        elementwise.run(program, in: self, layout: layout)
      case .product(let product): run(product)
      case .kernel(let kernel, let value): run(kernel, value: value)
      case .completed(let equation):
        if !interventions.isEmpty { apply(interventions, equation: equation) }
      case .columnSums, .clearGradient: break
      }
    }
  }

  /// Backpropagation from `outputGradient` to every value, the parameters and the inputs.
  ///
  /// - Parameters:
  ///   - inputs: what `forward` was given.
  ///   - parameters: what `forward` was given.
  ///   - parameterGradients: are added to.
  ///   - inputGradients: ∂L/∂input of each input. That of X is written; those of the others, which
  ///     several blocks share, are added to.
  ///   - interventions: what `forward` was given; a value that was set passes no gradient on.
  /// - Precondition: `forward` ran, and `outputGradient` was filled.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func backward(
    inputs: [BufferView<Scalar>], parameters: ParameterSlice<Scalar>,
    parameterGradients: ParameterSlice<Scalar>, inputGradients: [BufferView<Scalar>],
    interventions: [BlockIntervention] = []
  ) {
    checkInputs(inputs)
    checkInputs(inputGradients)
    beginGradients()
    arguments = Arguments(
      inputs: inputs, parameters: parameters, inputGradients: inputGradients,
      parameterGradients: parameterGradients)
    defer { arguments = nil }
    for value in plan.idle { clearGradient(value) }
    var saved: [(equation: Int, offset: Int, gradients: [Scalar])] = []
    for index in plan.backward.indices {
      switch plan.backward[index] {
      case .elementwise(let program, let layout):
        elementwise.run(program, in: self, layout: layout)
      case .product(let product): run(product)
      case .kernel(let kernel, let value): run(kernel, value: value)
      case .columnSums(let value, let parameter): addColumnSums(value, parameter)
      case .clearGradient(let value): clearGradient(value)
      case .completed(let equation):
        if !interventions.isEmpty { block(interventions, equation: equation, saved: &saved) }
      }
    }
    restore(saved)
  }

  func checkInputs(_ views: [BufferView<Scalar>]) {
    let expected = rowCounts.map { batchSize * $0 * plan.sizes.modelSize }
    precondition(
      views.map(\.count) == expected, "inputs of \(views.map(\.count)) for \(expected) elements")
  }

  private func clearGradient(_ value: Int) {
    let place = unsafe place(.valueGradient(value))
    unsafe place.base.update(repeating: 0, count: batchSize * place.batchStride)
  }

  /// All heads at once: a vector of each head is as wide as the value's rows.
  private func addColumnSums(_ value: Int, _ parameter: Int) {
    let source = unsafe place(.valueGradient(value)),
      target = unsafe place(.parameterGradient(parameter))
    unsafe Scalar.addColumnSums(
      rows: batchSize * source.rows, n: source.rowStride, x: source.base, ldx: source.rowStride,
      into: target.base)
  }
}
