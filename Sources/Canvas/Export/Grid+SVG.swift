extension Grid {
  /// The picture as a self-contained SVG file in true colour, 10×20 units a cell.
  ///
  /// Blocks, bars, shades, braille and borders are shapes and not text, so the picture is the same
  /// with every font; words are set one by one at their exact place.
  public func svg(theme: Theme, title: String = "") -> String {
    var painter = SVGPainter(theme: theme)
    for y in 0..<height {
      painter.addBackgrounds(of: self, row: y)
      painter.addCells(of: self, row: y)
    }
    let w = width * SVGShapes.cellWidth
    let h = height * SVGShapes.cellHeight
    var svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(w) \(h)\""
    svg += " width=\"\(w)\" height=\"\(h)\" role=\"img\">\n"
    if !title.isEmpty { svg += "<title>\(SVGPainter.escaped(title))</title>\n" }
    svg += "<rect width=\"\(w)\" height=\"\(h)\" fill=\"\(theme.background.css)\"/>\n"
    return svg + painter.finish() + "</svg>\n"
  }
}

/// Collects shapes by colour and texts in order.
private struct SVGPainter {
  private let theme: Theme
  private var backgrounds = PathsByColor()
  private var shapes = PathsByColor()
  private var dots = PathsByColor()
  private var light = PathsByColor()
  private var heavy = PathsByColor()
  private var texts = ""
  private var word = Word()

  /// Text of one style in neighbouring cells.
  private struct Word {
    var text = ""
    var x = 0
    var columns = 0
    var color = RGB(hex: 0)
    var isBold = false
  }

  /// Path data by colour, in the order of first use.
  private struct PathsByColor {
    var order: [RGB] = []
    var paths: [RGB: String] = [:]

    mutating func add(_ path: String, _ color: RGB) {
      if paths[color] == nil { order.append(color) }
      paths[color, default: ""] += path
    }

    mutating func addRect(_ x: Double, _ y: Double, _ w: Double, _ h: Double, _ color: RGB) {
      let number = SVGShapes.number
      add("M\(number(x)) \(number(y))h\(number(w))v\(number(h))h\(number(-w))z", color)
    }

    func elements(_ attributes: (RGB) -> String) -> String {
      order.reduce(into: "") { result, color in
        result += "<path \(attributes(color)) d=\"\(paths[color] ?? "")\"/>\n"
      }
    }
  }

  init(theme: Theme) { self.theme = theme }

  private func colors(_ style: Style) -> (foreground: RGB, background: RGB) {
    let resolved = theme.resolve(style, depth: .trueColor)
    var foreground = theme.rgb(resolved.foreground, isBackground: false)
    var background = theme.rgb(resolved.background, isBackground: true)
    if resolved.attributes.contains(.reverse) { swap(&foreground, &background) }
    if resolved.attributes.contains(.dim) { foreground = foreground.mixed(with: background, 0.45) }
    return (foreground, background)
  }

  /// The two halves of each cell, equal neighbours merged.
  mutating func addBackgrounds(of grid: Grid, row: Int) {
    var start = 0
    var last: (upper: RGB, lower: RGB)?
    let top = Double(row * SVGShapes.cellHeight)
    for x in 0...grid.width {
      var halves: (upper: RGB, lower: RGB)?
      if x < grid.width {
        let cell = grid.cells[row * grid.width + x]
        let (foreground, background) = colors(cell.style)
        switch cell.scalar {
        case "▀": halves = (foreground, background)
        case "▄": halves = (background, foreground)
        case "█": halves = (foreground, foreground)
        default: halves = (background, background)
        }
      }
      if let last, halves == nil || halves?.upper != last.upper || halves?.lower != last.lower {
        let left = Double(start * SVGShapes.cellWidth)
        let wide = Double((x - start) * SVGShapes.cellWidth)
        if last.upper == last.lower {
          addBackground(left, top, wide, 20, last.upper)
        } else {
          addBackground(left, top, wide, 10, last.upper)
          addBackground(left, top + 10, wide, 10, last.lower)
        }
        start = x
      }
      last = halves
    }
  }

  private mutating func addBackground(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ color: RGB
  ) {
    if color != theme.background { backgrounds.addRect(x, y, width, height, color) }
  }

  mutating func addCells(of grid: Grid, row: Int) {
    let top = row * SVGShapes.cellHeight
    for x in 0..<grid.width {
      let cell = grid.cells[row * grid.width + x]
      let left = x * SVGShapes.cellWidth
      let (foreground, background) = colors(cell.style)
      if cell.style.attributes.contains(.underline) {
        shapes.addRect(Double(left), Double(top + 18), 10, 1, foreground)
      }
      switch cell.scalar {
      case " ", "▀", "▄", "█":
        endWord(row: row)
        continue
      case Cell.continuation: continue
      default: break
      }
      if let (rects, opacity) = SVGShapes.rectangles(cell.scalar) {
        endWord(row: row)
        let color = background.mixed(with: foreground, opacity)
        for r in rects {
          shapes.addRect(Double(left) + r.x, Double(top) + r.y, r.width, r.height, color)
        }
      } else if let centres = SVGShapes.dots(cell.scalar) {
        endWord(row: row)
        for dot in centres {
          let x = SVGShapes.number(Double(left) + dot.x - 1.7)
          let y = SVGShapes.number(Double(top) + dot.y)
          dots.add("M\(x) \(y)a1.7 1.7 0 1 0 3.4 0a1.7 1.7 0 1 0-3.4 0z", foreground)
        }
      } else if let lines = SVGShapes.lines(cell.scalar) {
        endWord(row: row)
        if lines.isHeavy {
          heavy.add(lines.path(left, top), foreground)
        } else {
          light.add(lines.path(left, top), foreground)
        }
      } else {
        addGlyph(of: grid, x: x, row: row, foreground)
      }
    }
    endWord(row: row)
  }

  private mutating func addGlyph(of grid: Grid, x: Int, row: Int, _ color: RGB) {
    let cell = grid.cells[row * grid.width + x]
    let isBold = cell.style.attributes.contains(.bold)
    // Characters outside of Latin often come from another font of another width: each gets its own
    // place. So do the letters next to them.
    let isAlone = cell.scalar.value >= 0x250
    if isAlone || word.color != color || word.isBold != isBold { endWord(row: row) }
    if word.text.isEmpty { word = Word(text: "", x: x, columns: 0, color: color, isBold: isBold) }
    word.text.unicodeScalars.append(cell.scalar)
    word.text.unicodeScalars.append(contentsOf: grid.marks[row * grid.width + x] ?? [])
    word.columns += DisplayWidth.of(cell.scalar)
    if isAlone { endWord(row: row) }
  }

  private mutating func endWord(row: Int) {
    guard !word.text.isEmpty else { return }
    let x = word.x * SVGShapes.cellWidth
    let y = row * SVGShapes.cellHeight + 15
    texts += "<text x=\"\(x)\" y=\"\(y)\" fill=\"\(word.color.css)\""
    if word.isBold { texts += " font-weight=\"bold\"" }
    if word.columns > 1 { texts += " textLength=\"\(word.columns * SVGShapes.cellWidth)\"" }
    texts += ">\(SVGPainter.escaped(word.text))</text>\n"
    word = Word()
  }

  func finish() -> String {
    var svg = "<g shape-rendering=\"crispEdges\">\n"
    svg += backgrounds.elements { "fill=\"\($0.css)\"" }
    svg += shapes.elements { "fill=\"\($0.css)\"" } + "</g>\n"
    svg += dots.elements { "fill=\"\($0.css)\"" }
    svg += light.elements { "fill=\"none\" stroke=\"\($0.css)\" stroke-width=\"1.2\"" }
    svg += heavy.elements { "fill=\"none\" stroke=\"\($0.css)\" stroke-width=\"2.6\"" }
    svg += "<g font-family=\"'DejaVu Sans Mono',Menlo,Consolas,monospace\" font-size=\"16.6\""
    return svg + " xml:space=\"preserve\">\n" + texts + "</g>\n"
  }

  static func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.append(character)
      }
    }
  }
}
