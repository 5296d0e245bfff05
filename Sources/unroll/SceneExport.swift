internal import Canvas
internal import Checkpoints
internal import CursesScreen
internal import Debugger
internal import Equations
internal import Networks
internal import Scenes

/// Writes a scene's picture or the trace behind it to a file; the file's ending says which.
enum SceneExport {
  static let pictureEndings = ["svg", "ansi", "txt"]
  private static let cellEnding = "cell"

  /// - Parameters:
  ///   - scene: what is drawn, or whose trace is written.
  ///   - model: what the first step scene shows, with its checkpoint's own names of tensors.
  ///   - path: its ending says what is written.
  ///   - screen: whose size and theme the picture gets.
  /// - Returns: a line for the user.
  /// - Throws: an unknown ending, or the system's answer.
  static func write(
    _ scene: any Scene, model: Model?, to path: String, screen: Screen
  ) throws -> String {
    let ending = path.split(separator: ".").last.map(String.init) ?? ""
    if pictureEndings.contains(ending) {
      let text = picture(
        scene, width: max(80, screen.width), height: max(24, screen.height), ending: ending,
        theme: screen.theme)
      try write(text, to: path)
    } else if ending == cellEnding, let scene = scene as? StepScene {
      try write(scene.currentRecording.cell.text, to: path)
    } else if let format = TraceFormat(rawValue: ending), let scene = scene as? StepScene {
      try TraceFile.write(trace(of: scene, model: model).export, as: format, to: path)
    } else if let format = TraceFormat(rawValue: ending), let scene = scene as? TranslateScene {
      try TraceFile.write(TranslateRun.trace(of: scene).export, as: format, to: path)
    } else {
      let hasTrace = scene is StepScene || scene is TranslateScene
      let traces = hasTrace ? TraceFormat.allCases.map(\.rawValue) : []
      let known = pictureEndings + traces + (scene is StepScene ? [cellEnding] : [])
      throw ModelError.request(
        "\(path): expected an ending of \(known.map { "." + $0 }.joined(separator: " "))")
    }
    return "wrote \(path)"
  }

  private static func write(_ text: String, to path: String) throws(FileError) {
    try AtomicFile.write(to: path) { output throws(FileError) in try output.write(text) }
  }

  private static func trace(of scene: StepScene, model: Model?) -> Trace {
    let run = scene.currentRecording.run
    // A scene that another one opened, or whose equations were edited, shows a network of its own.
    if let model, model.network === run.network { return Trace(model: model, run: run) }
    return Trace(
      model: Model(name: scene.modelName, network: run.network, vocabulary: scene.vocabulary),
      run: run)
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
