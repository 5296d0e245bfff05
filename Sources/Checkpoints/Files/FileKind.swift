/// A format of model files that is not safetensors, known by its first bytes.
///
/// A file whose ninth byte is `{` may be safetensors (a header length of 640 looks like a pickle):
/// ask only after that was ruled out.
enum FileKind: Equatable {
  case pyTorchArchive
  case pickle
  case numPy
  case numPyArchive
  case zip
  case gguf
  case hdf5
  case onnx
  case tensorFlowLite
  case gzip
  case json
  case webPage
  case gitLFSPointer

  /// How many bytes `init(head:)` wants to see.
  static let headSize = 128

  /// - Parameter head: the first bytes of the file, up to `headSize`.
  init?(head: [UInt8]) {
    func starts(_ text: String, at offset: Int = 0) -> Bool {
      head.dropFirst(offset).starts(with: text.utf8)
    }
    if starts("PK\u{3}\u{4}") {
      self = FileKind.zipKind(head)
    } else if head.count >= 2, head[0] == 0x80, (2...5).contains(head[1]) {
      self = .pickle
    } else if head.first == 0x93, starts("NUMPY", at: 1) {
      self = .numPy
    } else if starts("GGUF") {
      self = .gguf
    } else if head.first == 0x89, starts("HDF\r\n", at: 1) {
      self = .hdf5
    } else if starts("TFL3", at: 4) {
      self = .tensorFlowLite
    } else if head.starts(with: [0x1F, 0x8B]) {
      self = .gzip
    } else if starts("version https://git-lfs") {
      self = .gitLFSPointer
    } else if starts("<!DOCTYPE") || starts("<!doctype") || starts("<html") {
      self = .webPage
    } else if head.count >= 3, head[0] == 0x08, (1...32).contains(head[1]), head[2] == 0x12 {
      // A protobuf: ir_version as a number, then the producer's name as a string.
      self = .onnx
    } else if starts("{") || starts("[") {
      self = .json
    } else {
      return nil
    }
  }

  /// Tells zip archives apart by the name of their first entry (APPNOTE.TXT 4.3.7).
  private static func zipKind(_ head: [UInt8]) -> FileKind {
    guard head.count >= 30 else { return .zip }
    let length = Int(head[26]) | Int(head[27]) << 8
    let name = String(decoding: head.dropFirst(30).prefix(length), as: UTF8.self)
    if name.hasSuffix(".npy") { return .numPyArchive }
    let pyTorchEntries = [
      "/data.pkl", "/.format_version", "/byteorder", "/version", "/constants.pkl",
    ]
    return pyTorchEntries.contains { name.hasSuffix($0) } ? .pyTorchArchive : .zip
  }

  /// The format in words, with its article.
  var name: String {
    switch self {
    case .pyTorchArchive, .pickle: "a PyTorch pickle"
    case .numPy: "a NumPy array"
    case .numPyArchive: "a NumPy archive (npz)"
    case .zip: "a zip archive"
    case .gguf: "a GGUF model"
    case .hdf5: "an HDF5 file (Keras, TensorFlow)"
    case .onnx: "an ONNX model"
    case .tensorFlowLite: "a TensorFlow Lite model"
    case .gzip: "compressed by gzip"
    case .json: "JSON text"
    case .webPage: "a web page, not the file it was fetched for"
    case .gitLFSPointer: "a Git LFS pointer, not the file itself"
    }
  }

  /// The error for a file at `path` that should have been safetensors.
  func error(path: String) -> FileError {
    switch self {
    case .pyTorchArchive, .pickle:
      FileError(
        file: path,
        .foreign(
          kind: "\(name), which can run code when it is opened",
          advice: "save it as safetensors:\n" + FileKind.conversion(of: path)))
    case .gzip:
      FileError(file: path, .foreign(kind: name, advice: "unpack it with gunzip"))
    case .gitLFSPointer:
      FileError(file: path, .foreign(kind: name, advice: "fetch it with git lfs pull"))
    default:
      FileError(file: path, .foreign(kind: name, advice: "unroll opens safetensors"))
    }
  }

  /// Two lines of Python that save a PyTorch state dict as safetensors.
  ///
  /// Each tensor is cloned, since safetensors refuses tensors that share storage (tied weights),
  /// and made contiguous; a Lightning checkpoint keeps its tensors under `state_dict`.
  static func conversion(of path: String) -> String {
    let target = path.replacingExtension(by: "safetensors")
    return """
        import torch; from safetensors.torch import save_file; \
      d = torch.load(\(pythonLiteral(path)), map_location="cpu", weights_only=True)
        save_file({k: v.clone().contiguous() for k, v in d.get("state_dict", d).items()}, \
      \(pythonLiteral(target)))
      """
  }

  private static func pythonLiteral(_ text: String) -> String {
    var literal = "\""
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x22, 0x5C: literal += "\\\(scalar)"
      case 0x20..<0x7F: literal.unicodeScalars.append(scalar)
      default:
        let hex = String(scalar.value, radix: 16)
        literal += "\\U" + String(repeating: "0", count: 8 - hex.count) + hex
      }
    }
    return literal + "\""
  }
}

extension String {
  /// The path with its file name's extension replaced, or with one added.
  fileprivate func replacingExtension(by newExtension: String) -> String {
    let start = lastIndex(of: "/").map { index(after: $0) } ?? startIndex
    let name = self[start...]
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else {
      return self + "." + newExtension
    }
    return self[..<dot] + "." + newExtension
  }
}
