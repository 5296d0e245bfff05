internal import Canvas
internal import Checkpoints
internal import CursesScreen
internal import Debugger
internal import Scenes

/// Writes a scene's picture or the trace behind it to a file; the file's ending says which.
enum SceneExport {
  static let pictureEndings = ["svg", "ansi", "txt"]

  /// - Returns: a line for the user.
  static func write(
    _ scene: StepScene, model: Model, to path: String, screen: Screen
  ) throws -> String {
    let ending = path.split(separator: ".").last.map(String.init) ?? ""
    if pictureEndings.contains(ending) {
      let text = picture(
        scene, width: max(80, screen.width), height: max(24, screen.height), ending: ending,
        theme: screen.theme)
      try AtomicFile.write(to: path) { output throws(FileError) in try output.write(text) }
    } else if let format = TraceFormat(rawValue: ending) {
      try TraceFile.write(
        Trace(model: model, run: scene.currentRecording.run).export, as: format, to: path)
    } else {
      let known = pictureEndings + TraceFormat.allCases.map(\.rawValue)
      throw ModelError.request(
        "\(path): expected an ending of \(known.map { "." + $0 }.joined(separator: " "))")
    }
    return "wrote \(path)"
  }

  /// The picture as text in one of the formats.
  static func picture(
    _ scene: any Scene, width: Int, height: Int, ending: String, theme: Theme,
    depth: ColorDepth = .trueColor, glyphs: Glyphs = .unicode
  ) -> String {
    let medium = ending == "txt" ? Medium.plainText : Medium(depth: depth, glyphs: glyphs)
    var grid = Grid(width: width, height: height, medium: medium)
    scene.draw(in: &grid)
    switch ending {
    case "svg": return grid.svg(theme: theme, title: "unroll")
    case "ansi": return grid.ansi(theme: theme, depth: depth)
    default: return grid.text()
    }
  }
}
