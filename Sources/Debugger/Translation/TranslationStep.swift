public import Equations
internal import Networks
internal import Tensors

/// One step of a translation as its equations and the user's conditions see it.
public struct TranslationStep: StepValues, QueryContext {
  public let translation: Translation
  /// The part whose names are meant where a name says no layer.
  public let part: TranslationPart
  public let time: Int

  public init(_ translation: Translation, _ part: TranslationPart, time: Int) {
    self.translation = translation
    self.part = part
    self.time = time
  }

  // MARK: Of a recurrent cell

  public func value(_ name: Identifier) -> [Double]? {
    if name == "x" { return input }
    return equation(name, part).map { row(translation.value(part, $0), time) }
  }

  /// What the layer is given.
  private var input: [Double]? {
    guard case .recurrent(let core) = translation.pass.core else { return nil }
    let pass: NetworkPass<Float>, layer: Int
    switch part {
    case .encoder(let id): (pass, layer) = (core.encoder, id.layer)
    case .decoder(let index): (pass, layer) = (core.decoder, index)
    case .attention, .output: return nil
    }
    let view = layer == 0 ? BufferView(pass.input) : pass.output(ofLayer: layer - 1)
    let size = view.count / pass.seqLen
    let start = view.offset + time * size
    return view.buffer.array(start..<start + size).map(Double.init)
  }

  public func previous(_ name: Identifier) -> [Double]? {
    guard let cell = translation.cell(of: part), let state = cell.states.firstIndex(of: name),
      case .recurrent(let core) = translation.pass.core
    else { return nil }
    let unrolling: Unrolling<Float>, before: Int, count: Int
    switch part {
    case .encoder(let id):
      unrolling = core.encoder[id]
      before = time + (id.direction == .forward ? -1 : 1)
      count = translation.sourceIDs.count
    default:
      unrolling = core.decoder[LayerID(layer: decoderLayer)]
      before = time - 1
      count = translation.output.count
    }
    guard before >= 0, before < count else {
      return unrolling.initialState(state).array.map(Double.init)
    }
    return TranslationStep(translation, part, time: before).value(name)
  }

  public func parameter(_ name: Identifier) -> (elements: [Double], shape: [Int])? {
    guard let prefix, let entry = translation.translator.model.layout["\(prefix).\(name)"] else {
      return nil
    }
    return (translation.translator.model.values(of: entry).map(Double.init), entry.shape)
  }

  /// How the names of the part's parameters begin.
  private var prefix: String? {
    switch part {
    case .encoder(let id): "encoder.\(id.name)"
    case .decoder(let layer): "decoder.layer\(layer)"
    case .attention: "attention"
    case .output: nil
    }
  }

  private var decoderLayer: Int { if case .decoder(let layer) = part { layer } else { 0 } }

  // MARK: Conditions

  /// The word that is written at this step.
  public var token: String { translation.outputWords[time] }

  public func value(_ name: QueryName) -> [Double]? { find(name) { translation.value($0, $1) } }

  public func gradient(_ name: QueryName) -> [Double]? {
    find(name) { translation.gradient($0, $1) }
  }

  public func previous(_ name: QueryName) -> [Double]? {
    step(of: name).previous(name.name)
  }

  private func step(of name: QueryName) -> TranslationStep {
    guard let layer = name.layer, (0..<translation.decoderLayerCount).contains(layer) else {
      return self
    }
    return TranslationStep(translation, .decoder(layer), time: time)
  }

  /// A name is of the layer that it says, else of the own one, of attention, or of the output layer.
  private func find(
    _ name: QueryName, _ read: (TranslationPart, Int) -> ProgramValue?
  ) -> [Double]? {
    guard let (part, equation) = place(of: name), let value = read(part, equation) else {
      return nil
    }
    return row(value, time)
  }

  func place(of name: QueryName) -> (TranslationPart, Int)? {
    if let layer = name.layer {
      guard (0..<translation.decoderLayerCount).contains(layer) else { return nil }
      return equation(name.name, .decoder(layer)).map { (.decoder(layer), $0) }
    }
    let own: [TranslationPart] = part.isEncoder ? [] : [part]
    for part in own + translation.parts.reversed() {
      if let equation = equation(name.name, part) { return (part, equation) }
    }
    return nil
  }

  private func equation(_ name: Identifier, _ part: TranslationPart) -> Int? {
    if let cell = translation.cell(of: part) { return cell.equationIndex(of: name) }
    if let block = translation.block(of: part) { return block.plan.block.equationIndex(of: name) }
    return OutputEquation.allCases.first { $0.answers(to: name.text) }?.rawValue
  }

  private func row(_ value: ProgramValue, _ time: Int) -> [Double] {
    guard time < value.rows else { return [] }
    return value.row(time).map(Double.init)
  }

  /// The names that a condition may use.
  var names: [String] {
    translation.parts.flatMap { part in
      translation.lines(part).compactMap { $0.equation == nil ? nil : $0.name }
    }
  }
}
