public import Equations
public import Networks
internal import Tensors

/// One step of one layer, as its equations see it.
public struct RecordedStep: StepValues, QueryContext {
  public let recording: Recording
  public let layer: LayerID
  public let time: Int

  public init(recording: Recording, layer: LayerID, time: Int) {
    self.recording = recording
    self.layer = layer
    self.time = time
  }

  public func value(_ name: Identifier) -> [Double]? {
    if name == "x" { return recording.layerInput(layer.layer, time: time) }
    return recording.cell.equationIndex(of: name).map {
      recording.values(layer, $0, time: time).map(Double.init)
    }
  }

  public func previous(_ name: Identifier) -> [Double]? {
    guard let state = recording.cell.states.firstIndex(of: name) else { return nil }
    let before = time + (layer.direction == .forward ? -1 : 1)
    guard before >= 0, before < recording.seqLen else {
      return recording.pass[layer].initialState(state).array.map(Double.init)
    }
    return RecordedStep(recording: recording, layer: layer, time: before).value(name)
  }

  public func parameter(_ name: Identifier) -> (elements: [Double], shape: [Int])? {
    guard let entry = recording.network.layout["\(layer.name).\(name)"] else { return nil }
    return (recording.network.values(of: entry).map(Double.init), entry.shape)
  }

  // MARK: Queries

  public var token: String { recording.request.input.labels[time] }

  /// The step that a name asks about: this one, in this layer unless it names another.
  private func step(_ name: QueryName) -> RecordedStep? {
    guard let number = name.layer else { return self }
    let configuration = recording.configuration
    guard number < configuration.numLayers, !name.isReverse || configuration.isBidirectional else {
      return nil
    }
    let id = LayerID(layer: number, direction: name.isReverse ? .reverse : .forward)
    return RecordedStep(recording: recording, layer: id, time: time)
  }

  public func value(_ name: QueryName) -> [Double]? {
    if let own = step(name)?.value(name.name) { return own }
    switch OutputEquation.allCases.first(where: { $0.answers(to: name.name.text) }) {
    case .loss: return [recording.losses[time]]
    case .logits:
      return recording.pass.head == nil ? nil : recording.logits(time: time).map(Double.init)
    case .probabilities:
      return recording.targets.isEmpty ? nil : recording.probabilities(time: time).map(Double.init)
    case nil: return nil
    }
  }

  public func previous(_ name: QueryName) -> [Double]? { step(name)?.previous(name.name) }

  public func gradient(_ name: QueryName) -> [Double]? {
    guard let step = step(name), let equation = recording.cell.equationIndex(of: name.name) else {
      return nil
    }
    return recording.gradients(step.layer, equation, time: time).map(Double.init)
  }
}

extension Recording {
  /// What a layer is given at a step.
  public func layerInput(_ layer: Int, time: Int) -> [Double] {
    let size = configuration.inputSize(ofLayer: layer)
    if layer == 0 { return pass.input.array(time * size..<(time + 1) * size).map(Double.init) }
    return row(pass.output(ofLayer: layer - 1), time, size).map(Double.init)
  }
}
