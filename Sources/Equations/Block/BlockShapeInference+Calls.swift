/// Functions.
extension BlockShapeInference {
  mutating func call(
    _ function: Function, _ arguments: [Expression], _ location: SourceLocation
  ) throws(EquationError) -> BlockShape {
    switch function {
    case .max, .min: return try broadcast(arguments[0], arguments[1], location)
    case .softmax, .unit: return try matrix(arguments[0], function, location)
    case .layerNorm:
      let shape = try matrix(arguments[0], function, location)
      guard case .matrix(let rows, let columns, var perHead) = shape else { return shape }
      for argument in arguments[1...2] {
        guard case .vector(let size, let own) = try self.shape(of: argument) else {
          throw error("layernorm scales by vectors; \(argument) is not a vector", argument.location)
        }
        perHead = perHead || own
        try unify(columns, size, argument.location) { columns, size in
          "\(arguments[0]) has rows of \(columns) and \(argument) has \(size); both have one size"
        }
      }
      if arguments.count == 4 {
        guard case .number = try self.shape(of: arguments[3]) else {
          throw error("layernorm's fourth argument is a number (eps)", arguments[3].location)
        }
      }
      return .matrix(rows: rows, columns: columns, isPerHead: perHead)
    case .additive: return try additive(arguments, location)
    default: return try shape(of: arguments[0])
    }
  }

  private mutating func additive(
    _ arguments: [Expression], _ location: SourceLocation
  ) throws(EquationError) -> BlockShape {
    guard
      case .matrix(let queries, let size, let first) = try matrix(arguments[0], .additive, location),
      case .matrix(let keys, let size2, let second) = try matrix(arguments[1], .additive, location)
    else { throw error("additive takes two matrices", location) }
    try unify(size, size2, location) { a, b in
      "\(arguments[0]) has \(a) columns and \(arguments[1]) has \(b)"
    }
    if arguments.count == 3 {
      guard case .name(let name, let place) = arguments[2],
        case .vector(let size3, _) = try shape(of: arguments[2]), values[name] == nil
      else {
        throw error("additive's third argument is a parameter, a vector", arguments[2].location)
      }
      try unify(size, size3, place) { a, b in
        "\(arguments[0]) has \(a) columns and \(name) has \(b)"
      }
    }
    return .matrix(rows: queries, columns: keys, isPerHead: first || second)
  }

  private mutating func matrix(
    _ e: Expression, _ function: Function, _ location: SourceLocation
  ) throws(EquationError) -> BlockShape {
    let shape = try shape(of: e)
    guard case .matrix = shape else {
      throw error("\(function.rawValue) takes a matrix; \(e) is \(described(shape))", location)
    }
    return shape
  }
}
