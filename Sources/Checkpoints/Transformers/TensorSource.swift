internal import Dispatch
internal import Equations
internal import Foundation
internal import Networks
internal import Synchronization
internal import Tensors

/// The tensors of a checkpoint, in one file or in several.
struct TensorSource {
  /// Where messages say that a tensor is missing.
  let path: String
  let files: [SafetensorsFile]
  private let owners: [String: Int]

  init(_ file: SafetensorsFile) {
    path = file.path
    files = [file]
    owners = Dictionary(file.names.map { ($0, 0) }) { first, _ in first }
  }

  /// Opens the weights of a Hugging Face folder: `model.safetensors`, the parts that
  /// `model.safetensors.index.json` lists, or the only `.safetensors` file.
  ///
  /// - Throws: `FileError`: no such file, pickles only, a part that lacks its tensors.
  init(folder: String) throws(FileError) {
    let index = "\(folder)/model.safetensors.index.json"
    let single = "\(folder)/model.safetensors"
    if ModelCatalog.exists(single) {
      self.init(try SafetensorsFile(path: single))
    } else if ModelCatalog.exists(index) {
      try self.init(index: index, folder: folder)
    } else {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder))?.sorted() ?? []
      let files = names.filter { $0.hasSuffix(".safetensors") }
      if files.isEmpty, let pickle = names.first(where: { $0.hasSuffix(".bin") }) {
        throw FileKind.pickle.error(path: "\(folder)/\(pickle)")
      }
      guard files.count == 1 else {
        throw FileError(
          file: folder, expected: "model.safetensors",
          found: files.isEmpty ? "no .safetensors file" : Suggestion.listed(files, "and"))
      }
      self.init(try SafetensorsFile(path: "\(folder)/\(files[0])"))
    }
  }

  private init(index: String, folder: String) throws(FileError) {
    let fields = try JSONFields(contentsOf: index)
    let map = try fields.required(
      "weight_map", "an object of tensors and files", try fields.fields("weight_map"))
    var files: [SafetensorsFile] = []
    var owners: [String: Int] = [:]
    for (tensor, value) in map.object {
      guard case .string(let name) = value, !name.utf8.contains(UInt8(ascii: "/")) else {
        throw map.mismatch(tensor, expected: "a file of the folder")
      }
      let path = "\(folder)/\(name)"
      if !files.contains(where: { $0.path == path }) {
        files.append(try SafetensorsFile(path: path))
      }
      guard let owner = files.firstIndex(where: { $0.path == path }),
        files[owner][tensor] != nil
      else {
        throw FileError(
          file: path, at: .tensor(tensor), expected: "the tensor that the index lists",
          found: "no tensor of this name")
      }
      owners[tensor] = owner
    }
    path = index
    self.files = files
    self.owners = owners
  }

  /// All names, in the order of the files.
  var names: [String] { files.flatMap(\.names).filter { owners[$0] != nil } }

  subscript(name: String) -> TensorInfo? { owners[name].flatMap { files[$0][name] } }

  func has(_ name: String) -> Bool { owners[name] != nil }

  /// Free text about the first file.
  var metadata: [String: String] { files.first?.metadata ?? [:] }

  /// Finds the tensors of some rules and checks their shapes.
  ///
  /// - Returns: the bindings in the order of the files.
  /// - Throws: `FileError`: a tensor that is missing, of another shape, or of whole numbers.
  func bindings(
    _ rules: [TensorRule], prefix: String, layout: TransformerLayout
  ) throws(FileError) -> [TransformerBinding] {
    var found: [String: TransformerBinding] = [:]
    for rule in rules {
      let names = rule.names.map { (rule.hasPrefix ? prefix : "") + $0 }
      let present = names.first { has($0) }
      if present == nil, rule.isOptional { continue }
      let name = present ?? names[0]
      let binding = rule.binding(name: name, layout: layout)
      guard let owner = owners[name], let info = files[owner][name] else {
        throw FileError(
          file: path, at: .tensor(name), expected: Printable.shape(binding.shape),
          found: "no tensor of this name")
      }
      guard info.shape == binding.shape else {
        throw FileError(
          file: files[owner].path, at: .tensor(name), expected: Printable.shape(binding.shape),
          found: Printable.shape(info.shape))
      }
      // Quantised weights are whole numbers that stand for others.
      if info.type.isInteger {
        throw FileError(
          file: files[owner].path, at: .tensor(name), expected: "F32, F16, BF16 or F64 weights",
          found: info.type.rawValue)
      }
      found[name] = binding
    }
    return names.compactMap { found[$0] }
  }

  /// Makes a transformer of the tensors.
  ///
  /// - Throws: `FileError`: numbers that can't be read.
  func transformer(
    _ configuration: TransformerConfiguration, _ bindings: [TransformerBinding]
  ) throws(FileError) -> Transformer<Float> {
    let transformer = Transformer<Float>(configuration)
    // Tensors go to places of their own: all cores copy.
    let failure = Mutex<FileError?>(nil)
    DispatchQueue.concurrentPerform(iterations: bindings.count) { index in
      let binding = bindings[index]
      guard let owner = owners[binding.name] else { return }
      do throws(FileError) {
        try files[owner].withFloats(binding.name) { binding.fill(transformer, from: $0) }
      } catch {
        failure.withLock { $0 = $0 ?? error }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
    return transformer
  }

  /// What a user should know about the tensors: those not used, and numbers that are not finite.
  func warnings(
    _ transformer: Transformer<Float>, used bindings: [TransformerBinding],
    ignored: (String) -> Bool
  ) -> [String] {
    var warnings: [String] = []
    let used = Set(bindings.map(\.name))
    let unused = names.filter { !used.contains($0) && !ignored($0) }
      .map { Printable.escape($0, limit: 80) }
    if !unused.isEmpty {
      let shown =
        unused.count <= 4 ? unused : unused.prefix(3) + ["\(unused.count - 3) other tensors"]
      warnings.append("not used: \(Suggestion.listed(Array(shown), "and"))")
    }
    if let (entry, index) = transformer.firstNonFinite,
      let binding = bindings.first(where: { $0.parts.contains { $0.parameter == entry.name } })
    {
      let value = transformer.parameters[entry.offset + index]
      warnings.append("tensor \(Printable.escape(binding.name, limit: 80)) holds \(value)")
    }
    return warnings
  }
}
