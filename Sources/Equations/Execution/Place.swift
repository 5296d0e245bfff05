internal import Tensors

/// Where a storage is: its address at step 0 and what to add per step and per row.
@unsafe struct Place {
  let base: UnsafeMutableRawPointer
  /// Bytes from one step to the next.
  let timeStride: Int
  /// Elements from one row to the next; 0 for a parameter.
  let rowStride: Int

  func address(_ time: Int) -> UnsafeMutableRawPointer { unsafe base + time * timeStride }
}

/// What a pass works on besides the unrolling's own buffers.
struct PassArguments<Scalar: TensorScalar> {
  let input: BufferView<Scalar>
  let parameters: ParameterSlice<Scalar>
  var inputGradient: BufferView<Scalar>?
  var parameterGradients: ParameterSlice<Scalar>?
}

extension Unrolling {
  /// The address of a storage, or nil where this pass has none (∂L/∂x that nobody wants).
  func place(_ storage: Storage, _ arguments: PassArguments<Scalar>) -> Place? {
    let element = MemoryLayout<Scalar>.stride
    func rows(
      _ pointer: UnsafeMutablePointer<Scalar>?, _ size: Int, slot: Int = 0, moving: Bool = true
    ) -> Place? {
      guard let pointer = unsafe pointer else { return nil }
      return unsafe Place(
        base: UnsafeMutableRawPointer(pointer + slot * batchSize * size),
        timeStride: moving ? batchSize * size * element : 0, rowStride: size)
    }
    func columns(_ index: Int) -> Place {
      unsafe Place(
        base: UnsafeMutableRawPointer(sums.base + plan.sumColumns[index]),
        timeStride: batchSize * plan.sumWidth * element, rowStride: plan.sumWidth)
    }
    func parameter(_ slice: ParameterSlice<Scalar>?, _ index: Int) -> Place? {
      guard let slice else { return nil }
      return unsafe Place(
        base: UnsafeMutableRawPointer(slice.pointer(index)), timeStride: 0, rowStride: 0)
    }
    // The slot of the step before, seen from slot t.
    let previousSlot = isReversed ? 1 : 0
    switch storage {
    case .input: return unsafe rows(arguments.input.pointer, plan.inputSize)
    case .inputGradient: return unsafe rows(arguments.inputGradient?.pointer, plan.inputSize)
    case .value(let index):
      return unsafe rows(values[index].base, plan.valueSizes[index], slot: firstSlot(of: index))
    case .incomingGradient(let index), .valueGradient(let index):
      return unsafe rows(
        gradients?.values[index].base, plan.valueSizes[index], slot: firstSlot(of: index))
    case .previous(let state):
      return unsafe rows(
        values[equation(ofState: state)].base, plan.hiddenSize, slot: previousSlot)
    case .previousGradient(let state):
      return unsafe rows(
        gradients?.values[equation(ofState: state)].base, plan.hiddenSize, slot: previousSlot)
    case .parameter(let index): return unsafe parameter(arguments.parameters, index)
    case .parameterGradient(let index):
      return unsafe parameter(arguments.parameterGradients, index)
    case .kept(let index): return unsafe rows(kept[index].base, plan.kept[index].size)
    case .keptGradient(let index):
      return unsafe rows(
        gradients?.kept[index]?.base, plan.kept[index].size,
        moving: !plan.transientGradients.contains(index))
    case .rowGradient(let index):
      return unsafe rows(
        gradients?.rows[index]?.base, plan.kept[index].size,
        moving: !plan.transientGradients.contains(index))
    case .sum(let index), .sumGradient(let index): return unsafe columns(index)
    }
  }
}
