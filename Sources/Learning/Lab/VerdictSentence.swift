#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// The verdict in words: what happens, and the figure that explains it best.
struct VerdictSentence {
  let fit: GradientFit
  let memoryFit: GradientFit?
  let spectrum: MatrixSpectrum?
  let matrixName: String?
  let activations: ActivationFigures
  let clipped: Double?
  let seqLen: Int
  let isRectifier: Bool

  var text: String { "\(fit.flow.rawValue): \(course), \(cause)" }

  /// Per step, and over the sequence.
  private var course: String {
    guard let slope = fit.slope else {
      switch fit.flow {
      case .vanishing: return "the gradient is gone within a step"
      case .exploding: return "the gradient leaves the range of numbers within a step"
      case .stable: return "one step says nothing about a gradient's way back"
      }
    }
    let decades = slope * Double(seqLen - 1) / log(10)
    let tenths = (abs(decades) * 10).rounded() / 10
    let sign = tenths == 0 ? "" : decades < 0 ? "−" : "+"
    let whole = "10^\(sign)\(Self.number(tenths, digits: 1)) over \(seqLen) steps"
    return "the gradient's norm is multiplied by \(Self.number(exp(slope))) a step back "
      + "(\(whole))"
  }

  /// What explains the course; nothing has to explain that it is stable.
  private var cause: String {
    switch fit.flow {
    case .vanishing: vanishing
    case .stable: stable
    case .exploding: exploding
    }
  }

  private var vanishing: String {
    if let dead = activations.deadReLU, dead > 0.5 {
      return "because \(Self.percent(dead)) of the ReLUs are dead and pass nothing on"
    }
    if let keep = activations.meanForgetGate {
      let steps = memoryFit?.memoryLength ?? fit.memoryLength
      let memory = steps.map { "; the memory is \(Self.number($0, digits: 1)) steps long" } ?? ""
      return "because the forget gate keeps \(Self.number(keep)) of the cell state a step" + memory
    }
    if let saturated = activations.saturated, saturated > 0.2 {
      return "because \(Self.percent(saturated)) of the units are saturated, where the activation "
        + "is flat"
    }
    guard let spectrum, let matrixName else {
      return "because each step back multiplies by less than 1"
    }
    if spectrum.largestSingularValue < 1 {
      return "because the largest singular value of \(matrixName) is "
        + "\(Self.number(spectrum.largestSingularValue)), below 1: every step back takes some away"
    }
    if spectrum.spectralRadius < 1 {
      return "because the spectral radius of \(matrixName) is "
        + "\(Self.number(spectrum.spectralRadius)), below 1"
    }
    let taken =
      isRectifier
      ? "the ReLUs that are off take" : "the activation's slope, below 1 away from zero, takes"
    return "because \(taken) more away than \(matrixName) with its spectral radius of "
      + "\(Self.number(spectrum.spectralRadius)) gives"
  }

  private var stable: String {
    if let keep = activations.meanForgetGate {
      return "with a forget gate that keeps \(Self.number(keep)) of the cell state a step"
    }
    guard let spectrum, let matrixName else { return "so the first steps can be learnt from" }
    let flat = activations.saturated.map { " and \(Self.percent($0)) of the units saturated" }
    return "with the spectral radius of \(matrixName) at "
      + Self.number(spectrum.spectralRadius) + (flat ?? "")
  }

  private var exploding: String {
    var text: String
    if let spectrum, let matrixName, spectrum.spectralRadius > 1 {
      text =
        "because the spectral radius of \(matrixName) is \(Self.number(spectrum.spectralRadius))"
      if isRectifier {
        text +=
          spectrum.spectralRadius > 2.0.squareRoot()
          ? "; with half of the ReLUs on the critical gain is √2"
          : " and more than half of the ReLUs on the way are on"
      } else {
        text += ", above 1"
      }
    } else if let keep = activations.meanForgetGate {
      text =
        "because the forget gate keeps \(Self.number(keep)) of the cell state a step, and the way "
        + "through the gates adds to it"
    } else {
      text = "because each step back multiplies by more than 1"
    }
    if let clipped, clipped > 0 { text += "; \(Self.percent(clipped)) of the updates are clipped" }
    return text
  }

  /// With two digits behind the point, or as many as the first digit that is not 0 needs.
  private static func number(_ value: Double, digits: Int = 2) -> String {
    guard value.isFinite else { return "\(value)" }
    if value != 0, abs(value) < 0.01 {
      let exponent = Int(floor(log10(abs(value))))
      return "\(number(value / pow(10, Double(exponent)), digits: 1))e\(exponent)"
    }
    let factor = pow(10.0, Double(digits))
    let text = "\((abs(value) * factor).rounded() / factor)"
    return (value < 0 ? "−" : "") + (text.hasSuffix(".0") ? String(text.dropLast(2)) : text)
  }

  private static func percent(_ share: Double) -> String {
    share > 0 && share < 0.01 ? "less than 1%" : "\(Int((share * 100).rounded()))%"
  }
}
