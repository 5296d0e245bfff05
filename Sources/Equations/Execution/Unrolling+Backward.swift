internal import Tensors

extension Unrolling {
  /// Clears the gradients before a backward pass.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func beginBackward() {
    let gradients = self.gradients ?? GradientBuffers(for: self)
    self.gradients = gradients
    for equation in plan.summedGradients { gradients.values[equation].fill(0) }
    for buffer in gradients.kept.values { buffer.fill(0) }
  }

  /// ∂L/∂output from outside, `[T, B, H]`: add to it between `beginBackward` and `backward`.
  public var outputGradient: BufferView<Scalar> {
    guard let view = gradients(of: plan.cell.outputEquation) else {
      preconditionFailure("beginBackward comes first")
    }
    return view
  }

  /// Backpropagation through time: the gradient of every named value of every step, and of every
  /// parameter over all steps at once.
  ///
  /// - Parameters:
  ///   - input: what `forward` was given.
  ///   - parameters: what `forward` was given.
  ///   - parameterGradients: are added to.
  ///   - inputGradient: ∂L/∂input `[T, B, inputSize]`, is added to; nil where nobody wants it.
  ///   - overrides: what `forward` was given: a value that was set passes no gradient on.
  /// - Precondition: `forward` and `beginBackward` came before.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func backward(
    input: BufferView<Scalar>, parameters: ParameterSlice<Scalar>,
    parameterGradients: ParameterSlice<Scalar>, inputGradient: BufferView<Scalar>? = nil,
    overrides: [Override] = []
  ) {
    precondition(gradients != nil, "beginBackward comes first")
    let arguments = PassArguments(
      input: input, parameters: parameters, inputGradient: inputGradient,
      parameterGradients: parameterGradients)
    stacks.prepareBackward()
    clearIdleSums()
    let pass = unsafe bind(
      plan.backward, arguments, vector: { PlanBuilder.gradient(of: $0.vector) },
      sources: { [.keptGradient($0), .rowGradient($0)] })
    defer { unsafe withExtendedLifetime(pass.parts) {} }
    var blocked = BlockedGradients<Scalar>(overrides: overrides)
    let all = 0..<seqLen
    // What comes from outside, before anything is made of it.
    for time in lengths == nil ? [] : timeOrder.reversed() { holdGradients(before: time) }
    unsafe run(pass.afterLoop, all, &blocked)
    if unsafe !pass.loop.isEmpty {
      let transient = plan.transientGradients.compactMap { gradients?.kept[$0] }
      for time in timeOrder.reversed() {
        for buffer in transient { buffer.fill(0) }
        holdGradients(before: time)
        unsafe run(pass.loop, time..<time + 1, &blocked)
      }
    }
    unsafe run(pass.beforeLoop, all, &blocked)
    addParameterGradients(arguments, parameterGradients)
    // Last in, first out: where overrides overlap, the first one saved the gradient.
    for (buffer, index, value) in blocked.saved.reversed() { buffer[index] = value }
  }

  private func addParameterGradients(
    _ arguments: PassArguments<Scalar>, _ parameterGradients: ParameterSlice<Scalar>
  ) {
    for (index, run) in plan.runs.enumerated() {
      guard let vector = unsafe place(run.vector, arguments) else { continue }
      unsafe stacks.addGradients(
        index, sums: sums.base,
        vector: UnsafePointer(vector.base.assumingMemoryBound(to: Scalar.self)),
        to: parameterGradients)
    }
    unsafe stacks.addBiasGradients(sums: sums.base, to: parameterGradients)
  }

  /// A sum that the loss does not depend on gets no gradient in its place; zero is its gradient.
  private func clearIdleSums() {
    for index in plan.idleSums {
      for row in 0..<seqLen * batchSize {
        unsafe (sums.base + row * plan.sumWidth + plan.sumColumns[index])
          .update(repeating: 0, count: plan.sums[index].size)
      }
    }
  }

  private func run(
    _ steps: [BoundStep], _ times: Range<Int>, _ blocked: inout BlockedGradients<Scalar>
  ) {
    let rows = times.count * batchSize
    let time = times.lowerBound
    for index in unsafe steps.indices {
      switch unsafe steps[index] {
      case .elementwise(let bound):
        if blocked.overrides.isEmpty {
          unsafe bound._withUnsafeGuaranteedRef { elementwise.run($0, time: time, rows: rows) }
        } else {
          for time in times { unsafe run(bound.takeUnretainedValue(), time, &blocked) }
        }
      case .product(let index, let vector):
        unsafe stacks.multiplyBack(
          index, rows: rows, sums: sums.base + time * batchSize * plan.sumWidth,
          vector: vector.address(time).assumingMemoryBound(to: Scalar.self))
      case .vectorProduct(let product, let vector):
        unsafe product._withUnsafeGuaranteedRef {
          unsafe $0.multiplyBack(
            time: time, sums: sums.base + time * plan.sumWidth,
            vector: vector.address(time).assumingMemoryBound(to: Scalar.self))
        }
      case .kernel(let index, let places):
        unsafe runKernel(index, gradient: places[0], result: places[1], time: time, rows: rows)
      }
    }
  }

  private func runKernel(_ index: Int, gradient: Place, result: Place, time: Int, rows: Int) {
    let size = plan.kept[index].size
    let value = unsafe UnsafePointer(kept[index].base + time * batchSize * size)
    let dy = unsafe UnsafePointer(gradient.address(time).assumingMemoryBound(to: Scalar.self))
    let dx = unsafe result.address(time).assumingMemoryBound(to: Scalar.self)
    switch plan.kept[index].value {
    case .softmax:
      unsafe Scalar.softmaxBackward(
        rows: rows, n: size, y: value, ldy: size, dy: dy, lddy: size, dx: dx, lddx: size)
    case .normalized:
      guard let deviation = deviations[index] else { return }
      unsafe Scalar.normalizeBackward(
        rows: rows, n: size, y: value, ldy: size, rstd: deviation.base + time * batchSize,
        dy: dy, lddy: size, dx: dx, lddx: size)
    case .elementwise, .concatenation: break
    }
  }

  /// Runs a program at one step; the gradient of a value that was set goes no further.
  private func run(
    _ bound: ElementwiseRunner<Scalar>.Bound, _ time: Int,
    _ blocked: inout BlockedGradients<Scalar>
  ) {
    let active = blocked.overrides.filter { $0.times.contains(time) }
    let program = bound.program
    // A gradient that only products add to is complete before the program that passes it on.
    for override in active
    where program.reads.contains(.incomingGradient(override.equation))
      && !program.writes.contains(.valueGradient(override.equation))
    {
      block(override, time, &blocked)
    }
    let completions = program.gradientCompletions.filter { completion in
      active.contains { $0.equation == completion.equation }
    }
    var saved = blocked
    elementwise.run(bound, time: time, pausingAfter: completions.map(\.instruction)) { stop in
      for completion in completions where completion.instruction == stop {
        for override in active where override.equation == completion.equation {
          block(override, time, &saved)
        }
      }
    }
    blocked = saved
  }

  private func block(_ override: Override, _ time: Int, _ blocked: inout BlockedGradients<Scalar>) {
    guard let buffer = gradients?.values[override.equation] else { return }
    guard blocked.blocked.insert(.init(override: override, time: time)).inserted else { return }
    let first = (firstSlot(of: override.equation) + time) * plan.valueSizes[override.equation]
    for unit in override.units {
      blocked.saved.append((buffer, first + unit, buffer[first + unit]))
      buffer[first + unit] = 0
    }
  }
}

/// Gradients that are shown but not passed on: put aside during the pass, put back at its end.
struct BlockedGradients<Scalar: TensorScalar> {
  struct Key: Hashable {
    let override: Override
    let time: Int
  }

  let overrides: [Override]
  var blocked: Set<Key> = []
  var saved: [(buffer: Buffer<Scalar>, index: Int, value: Scalar)] = []
}
