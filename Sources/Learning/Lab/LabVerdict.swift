internal import Equations
internal import Networks

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// Whether the gradient survives its way back, and why not.
public struct LabVerdict: Sendable, Equatable {
  /// The line through ‖∂L/∂h_t‖, where L is the loss of the last step.
  public let fit: GradientFit
  /// That through ‖∂L/∂c_t‖, the uninterrupted path; nil where the cell has no second state.
  public let memoryFit: GradientFit?
  /// Of the recurrent matrix; nil where the cell has none, or more than one.
  public let spectrum: MatrixSpectrum?
  /// The recurrent matrix's name; nil as above.
  public let matrixName: String?
  public let activations: ActivationFigures
  /// The share of the last updates (at most a hundred) that were clipped; nil before the first.
  public let clipped: Double?
  /// What the figures were taken from: the present weights on the next update's batch.
  public let measured: LabUpdate
  /// What the lines were fitted to: the same, with the last step's loss alone.
  public let probe: LabUpdate

  /// What happens and why, in one sentence.
  public let sentence: String
}

extension GradientLab {
  /// Measures the present weights and says what becomes of the gradient.
  ///
  /// Where a task has losses at several steps, the last step's alone is taken. `pass` shows the
  /// batch of the next update afterwards.
  ///
  /// - Throws: the first number that is not finite.
  /// - Complexity: a forward and a backward pass, and O(H³) for the recurrent matrix.
  public func verdict() throws(NonFiniteValue) -> LabVerdict {
    let hasManyLosses = task.lossSteps.count > 1
    let measured = try measure()
    let probe = hasManyLosses ? try measure(lossAtLastStep: true) : measured
    return verdict(measured: measured, probe: probe, spectrum: spectrum)
  }

  /// The verdict that figures lead to.
  ///
  /// - Parameters:
  ///   - measured: figures of some weights.
  ///   - probe: figures of the same weights with the last step's loss alone.
  ///   - spectrum: of the recurrent matrix.
  ///   - known: the activations, where `measured` has none; else they are counted in `pass`.
  /// - Returns: the verdict.
  func verdict(
    measured: LabUpdate, probe: LabUpdate, spectrum: MatrixSpectrum?,
    activations known: ActivationFigures? = nil
  ) -> LabVerdict {
    let fit = GradientFit(norms: probe.gradientNorms)
    let memoryFit = roles.memory.map { _ in GradientFit(norms: probe.memoryGradientNorms) }
    let name = roles.recurrentMatrix.map { settings.cell.parameters[$0].name.text }
    let activations =
      measured.activations ?? known
      ?? ActivationFigures(unrolling: pass.layers[0][0], roles: roles)
    let clipped =
      recent.isEmpty
      ? nil : Double(recent.count { $0.isClipped }) / Double(recent.count)
    let sentence = VerdictSentence(
      fit: fit, memoryFit: memoryFit, spectrum: spectrum, matrixName: name,
      activations: activations, clipped: clipped, seqLen: settings.seqLen,
      isRectifier: !roles.rectifiers.isEmpty)
    return LabVerdict(
      fit: fit, memoryFit: memoryFit, spectrum: spectrum, matrixName: name,
      activations: activations, clipped: clipped, measured: measured, probe: probe,
      sentence: sentence.text)
  }

  /// The sizes of the recurrent matrix; nil where the cell has none, or more than one.
  public var spectrum: MatrixSpectrum? {
    recurrentMatrix.map { MatrixSpectrum(matrix: $0, size: settings.hiddenSize) }
  }

  /// The recurrent matrix `[H, H]`, row-major; nil where the cell has none, or more than one.
  public var recurrentMatrix: [Double]? {
    guard let index = roles.recurrentMatrix,
      let entry = network.layout[.cell(LayerID(layer: 0), index: index)]
    else { return nil }
    return network.values(of: entry).map(Double.init)
  }
}
