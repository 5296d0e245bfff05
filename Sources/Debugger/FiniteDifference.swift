internal import Equations
internal import Networks
internal import Tensors

/// The gradient of one unit of a value, compared with what happens to the loss when that value is
/// moved a little: the network is run twice more, in Double.
public struct FiniteDifference: Sendable {
  public let analytic: Double
  public let numeric: Double

  public var relativeError: Double {
    abs(analytic - numeric) / max(abs(analytic), abs(numeric), 1e-8)
  }

  /// - Parameters:
  ///   - recording: the run whose gradient is compared.
  ///   - position: a position of a layer; its equation's value is moved.
  ///   - unit: which unit.
  public init?(recording: Recording, position: Position, unit: Int) {
    guard let id = position.layer else { return nil }
    let network = recording.network.converted(to: Double.self)
    let pass = NetworkPass(network: network, seqLen: recording.seqLen)
    recording.request.input.set(in: pass)
    func loss(_ value: Double?) -> Double {
      var overrides = recording.request.overrides
      if let value {
        overrides[id, default: []].append(
          Override(
            equation: position.equation, times: position.time..<position.time + 1,
            units: unit..<unit + 1, values: [value]))
      }
      pass.forward(overrides: overrides)
      if !recording.targets.isEmpty, let head = pass.head {
        return head.losses(targets: recording.targets).reduce(0, +)
      }
      if recording.request.loss == .targets, let head = pass.head,
        case .values(let targets)? = recording.request.input.targets
      {
        return head.squaredErrors(targets: targets.map(Double.init)).reduce(0, +)
      }
      return 0.5 * pass.output.array.reduce(0) { $0 + $1 * $1 }
    }
    _ = loss(nil)
    let size = recording.valueSize(id, position.equation)
    let value = pass[id].values(of: position.equation)[position.time * size + unit]
    let step = 1e-5 * max(1, abs(value))
    numeric = (loss(value + step) - loss(value - step)) / (2 * step)
    analytic = Double(
      recording.gradient(id, position.equation, time: position.time, unit: unit))
  }
}
