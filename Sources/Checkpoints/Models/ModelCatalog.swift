internal import Assets
internal import Equations
internal import Glibc

/// The models that can be opened by name: those built into the program, and installed ones.
public enum ModelCatalog {
  /// The model that is opened when none is named.
  public static let defaultName = "prose"

  /// A model that was found in one of the model folders.
  public struct Installed: Sendable, Equatable {
    /// The folder's or the file's name, without `.safetensors`.
    public let name: String
    public let path: String
    /// A folder with `config.json`, as Hugging Face lays models out.
    public let isFolder: Bool
  }

  public static var shippedNames: [String] { Assets.names(.model) }

  /// The size of a shipped model's file.
  public static func byteCount(ofShipped name: String) -> Int? {
    Assets.bytes(.model, named: name)?.count
  }

  static func shipped(_ name: String) throws(FileError) -> SafetensorsFile? {
    guard let bytes = Assets.bytes(.model, named: name) else { return nil }
    return try SafetensorsFile(bytes: bytes, name: name)
  }

  /// `$UNROLL_MODELS`, then `$XDG_DATA_HOME/unroll/models` (`~/.local/share/unroll/models`).
  static var folders: [String] {
    func variable(_ name: String) -> String? {
      guard let text = unsafe getenv(name), unsafe text.pointee != 0 else { return nil }
      return unsafe String(cString: text)
    }
    let data = variable("XDG_DATA_HOME") ?? variable("HOME").map { $0 + "/.local/share" }
    return [variable("UNROLL_MODELS"), data.map { $0 + "/unroll/models" }].compactMap(\.self)
  }

  /// Models in the model folders, at most four folders deep, by name; a name counts once.
  public static func installed() -> [Installed] {
    var found: [Installed] = []
    for folder in folders { search(folder, depth: 0, into: &found) }
    return found
  }

  private static func search(_ folder: String, depth: Int, into found: inout [Installed]) {
    let entries = names(in: folder)
    func add(_ name: String, _ path: String, isFolder: Bool) {
      if !found.contains(where: { $0.name == name }) {
        found.append(Installed(name: name, path: path, isFolder: isFolder))
      }
    }
    let weights = entries.filter { $0.hasSuffix(".safetensors") }
    if !weights.isEmpty, entries.contains("config.json") {
      add(String(folder.split(separator: "/").last ?? ""), folder, isFolder: true)
      return
    }
    for name in weights {
      add(String(name.dropLast(".safetensors".count)), "\(folder)/\(name)", isFolder: false)
    }
    guard depth < 4 else { return }
    for name in entries where !name.hasPrefix(".") && isFolder("\(folder)/\(name)") {
      search("\(folder)/\(name)", depth: depth + 1, into: &found)
    }
  }

  /// The names in a folder, sorted; none where it can't be read.
  private static func names(in folder: String) -> [String] {
    guard let stream = unsafe opendir(folder) else { return [] }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  static func isFolder(_ path: String) -> Bool {
    var info = stat()
    return unsafe stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
  }

  static func exists(_ path: String) -> Bool {
    unsafe access(path, F_OK) == 0
  }

  /// An error with the nearest names.
  static func unknown(_ name: String) -> ModelError {
    let known = shippedNames + installed().map(\.name)
    let names = known.isEmpty ? "" : "\(Suggestion.among(known, for: name)), or "
    return .request(
      "unknown model \(Printable.quote(name)); expected \(names)a .safetensors file")
  }
}
