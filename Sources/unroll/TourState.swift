internal import Glibc

/// Whether the newcomer's tour was seen: an empty file under `$XDG_STATE_HOME/unroll`.
enum TourState {
  private static var folder: String? {
    func variable(_ name: String) -> String? {
      guard let value = unsafe getenv(name) else { return nil }
      let text = unsafe String(cString: value)
      return text.isEmpty ? nil : text
    }
    if let state = variable("XDG_STATE_HOME"), state.hasPrefix("/") { return state + "/unroll" }
    return variable("HOME").map { $0 + "/.local/state/unroll" }
  }

  static var wasSeen: Bool {
    guard let folder else { return true }
    return unsafe access(folder + "/tour-seen", F_OK) == 0
  }

  /// A folder that can't be written only means that the tour comes again.
  static func markSeen() {
    guard let folder else { return }
    var path = ""
    for part in folder.split(separator: "/") {
      path += "/" + part
      unsafe mkdir(path, 0o755)
    }
    let descriptor = unsafe open(folder + "/tour-seen", O_CREAT | O_WRONLY, 0o644)
    if descriptor >= 0 { close(descriptor) }
  }
}
