internal import Tensors

extension Unrolling {
  /// Runs the cell over the whole sequence and keeps every named value.
  ///
  /// - Parameters:
  ///   - input: `[T, B, inputSize]`.
  ///   - parameters: the cell's parameters.
  ///   - overrides: values that are set by hand; only with a batch of one.
  /// - Complexity: O(T·B·H·(I+H)); allocates nothing inside the loop.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func forward(
    input: BufferView<Scalar>, parameters: ParameterSlice<Scalar>, overrides: [Override] = []
  ) {
    precondition(
      input.count == seqLen * batchSize * plan.inputSize,
      "input of \(input.count) elements for [\(seqLen), \(batchSize), \(plan.inputSize)]")
    precondition(overrides.isEmpty || batchSize == 1, "values can be set in a batch of one only")
    let arguments = PassArguments(input: input, parameters: parameters)
    stacks.load(parameters)
    stacks.fillBiases(sums, rows: seqLen * batchSize)
    let pass = unsafe bind(plan.forward, arguments, vector: \.vector) {
      plan.keptSources[$0] ?? []
    }
    defer { unsafe withExtendedLifetime(pass.parts) {} }
    let all = 0..<seqLen
    unsafe run(pass.beforeLoop, all, overrides)
    if unsafe !pass.loop.isEmpty {
      for time in timeOrder {
        unsafe run(pass.loop, time..<time + 1, overrides)
        holdStates(after: time)
      }
    }
    unsafe run(pass.afterLoop, all, overrides)
    // States that nothing in the loop reads are computed behind it.
    for time in lengths == nil ? [] : timeOrder { holdStates(after: time) }
  }

  /// Steps with their addresses looked up. References are not counted, for the time loop's sake:
  /// the pass keeps what they refer to.
  @unsafe enum BoundStep {
    case elementwise(Unmanaged<ElementwiseRunner<Scalar>.Bound>)
    case product(Int, vector: Place)
    case vectorProduct(Unmanaged<MatrixVectorProduct<Scalar>>, vector: Place)
    case kernel(Int, places: [Place])
  }

  @unsafe struct BoundPass {
    let beforeLoop: [BoundStep]
    let loop: [BoundStep]
    let afterLoop: [BoundStep]
    /// What the steps refer to.
    let parts: [AnyObject]
  }

  /// Looks up the addresses of a direction's steps.
  ///
  /// - Parameters:
  ///   - stages: the steps.
  ///   - arguments: what the pass works on.
  ///   - vector: what stands to the right of a run's matrices.
  ///   - sources: what the kernel of a kept value reads and writes besides it.
  /// - Returns: the steps but for those that this pass has no memory for.
  func bind(
    _ stages: [Plan.Stage: [Plan.Step]], _ arguments: PassArguments<Scalar>,
    vector: (Plan.ProductRun) -> Storage, sources: (Int) -> [Storage]
  ) -> BoundPass {
    var parts: [AnyObject] = []
    func bound(_ stage: Plan.Stage) -> [BoundStep] {
      unsafe (stages[stage] ?? []).compactMap { step in
        switch step {
        case .elementwise(let program):
          return unsafe elementwise.bind(program) { unsafe place($0, arguments) }.map {
            parts.append($0)
            return unsafe .elementwise(.passUnretained($0))
          }
        case .product(let index):
          return unsafe place(vector(plan.runs[index]), arguments).map {
            unsafe boundProduct(index, vector: $0, &parts)
          }
        case .kernel(let index):
          let storages = sources(index)
          let places = unsafe storages.compactMap { unsafe place($0, arguments) }
          return unsafe places.count == storages.count ? .kernel(index, places: places) : nil
        }
      }
    }
    let (before, loop, after) = unsafe (bound(.beforeLoop), bound(.loop), bound(.afterLoop))
    return unsafe BoundPass(beforeLoop: before, loop: loop, afterLoop: after, parts: parts)
  }

  private func boundProduct(_ index: Int, vector: Place, _ parts: inout [AnyObject]) -> BoundStep {
    if let product = stacks.vectorProduct(index) {
      parts.append(product)
      return unsafe .vectorProduct(.passUnretained(product), vector: vector)
    }
    return unsafe .product(index, vector: vector)
  }

  private func run(_ steps: [BoundStep], _ times: Range<Int>, _ overrides: [Override]) {
    let rows = times.count * batchSize
    let time = times.lowerBound
    for index in unsafe steps.indices {
      switch unsafe steps[index] {
      case .elementwise(let bound):
        let active = overrides.filter { $0.times.overlaps(times) }
        if active.isEmpty {
          unsafe bound._withUnsafeGuaranteedRef { elementwise.run($0, time: time, rows: rows) }
        } else {
          for time in times {
            unsafe run(
              bound.takeUnretainedValue(), time, active.filter { $0.times.contains(time) })
          }
        }
      case .product(let index, let vector):
        unsafe stacks.multiply(
          index, rows: rows,
          vector: UnsafePointer(vector.address(time).assumingMemoryBound(to: Scalar.self)),
          sums: sums.base + time * batchSize * plan.sumWidth)
      case .vectorProduct(let product, let vector):
        unsafe product._withUnsafeGuaranteedRef {
          unsafe $0.multiply(
            time: time,
            vector: UnsafePointer(vector.address(time).assumingMemoryBound(to: Scalar.self)),
            sums: sums.base + time * plan.sumWidth)
        }
      case .kernel(let index, let sources):
        unsafe runKernel(index, sources, time: time, rows: rows)
      }
    }
  }

  /// Runs a program at one step and puts the set values in, right after each is computed.
  private func run(
    _ bound: ElementwiseRunner<Scalar>.Bound, _ time: Int, _ overrides: [Override]
  ) {
    let completions = bound.program.completions.filter { completion in
      overrides.contains { $0.equation == completion.equation }
    }
    elementwise.run(bound, time: time, pausingAfter: completions.map(\.instruction)) { stop in
      for completion in completions where completion.instruction == stop {
        for override in overrides where override.equation == completion.equation {
          let first = (firstSlot(of: override.equation) + time) * plan.valueSizes[override.equation]
          for unit in override.units {
            values[override.equation][first + unit] = Scalar(override.value(ofUnit: unit))
          }
        }
      }
    }
  }

  private func runKernel(_ index: Int, _ sources: [Place], time: Int, rows: Int) {
    let size = plan.kept[index].size
    let target = unsafe kept[index].base + time * batchSize * size
    func source(_ number: Int) -> UnsafePointer<Scalar> {
      unsafe UnsafePointer(sources[number].address(time).assumingMemoryBound(to: Scalar.self))
    }
    switch plan.kept[index].value {
    case .elementwise: break
    case .softmax:
      unsafe Scalar.softmax(
        rows: rows, n: size, x: source(0), ldx: sources[0].rowStride, y: target, ldy: size)
    case .normalized(_, let epsilon):
      guard let deviation = deviations[index] else { return }
      unsafe Scalar.normalize(
        rows: rows, n: size, x: source(0), ldx: sources[0].rowStride, epsilon: epsilon,
        y: target, ldy: size, rstd: deviation.base + time * batchSize)
    case .concatenation(let parts):
      var column = 0
      for (number, part) in parts.enumerated() {
        let width = plan.partSizes[part] ?? 0
        for row in 0..<rows {
          unsafe (target + row * size + column).update(
            from: source(number) + row * sources[number].rowStride, count: width)
        }
        column += width
      }
    }
  }
}
