/// The ids of tokens with a meaning of their own, where the vocabulary has them.
public struct SpecialTokens: Sendable, Equatable {
  /// Named by their keys in `tokenizer_config.json`.
  public enum Role: String, CaseIterable, Sendable {
    case unknown = "unk_token"
    case padding = "pad_token"
    case mask = "mask_token"
    case classification = "cls_token"
    case separator = "sep_token"
    case beginning = "bos_token"
    case end = "eos_token"

    /// What tokens of this role are usually called.
    var usualNames: [String] {
      switch self {
      case .unknown: ["[UNK]", "<unk>"]
      case .padding: ["[PAD]", "<pad>"]
      case .mask: ["[MASK]", "<mask>"]
      case .classification: ["[CLS]"]
      case .separator: ["[SEP]"]
      case .beginning: ["<s>", "<|endoftext|>"]
      case .end: ["</s>", "<|endoftext|>"]
      }
    }
  }

  private var byRole: [Role: Int] = [:]
  /// All tokens that `Tokenizer.decode` can leave out.
  public internal(set) var ids: Set<Int> = []

  public init() {}

  public internal(set) subscript(role: Role) -> Int? {
    get { byRole[role] }
    set { byRole[role] = newValue }
  }

  public var unknown: Int? { self[.unknown] }
  public var padding: Int? { self[.padding] }
  public var mask: Int? { self[.mask] }
  public var classification: Int? { self[.classification] }
  public var separator: Int? { self[.separator] }
  public var beginning: Int? { self[.beginning] }
  public var end: Int? { self[.end] }
}

/// What a model's special tokens are called: as its folder says, else the usual names.
struct SpecialTokenNames {
  private var given: [SpecialTokens.Role: String] = [:]

  /// Takes `tokenizer_config.json`, where there is one.
  init(_ configuration: JSONFields?) throws(FileError) {
    guard let configuration else { return }
    for role in SpecialTokens.Role.allCases {
      let key = role.rawValue
      switch configuration.value(key) {
      case nil: continue
      case .string(let name)?: given[role] = name
      case .object?: given[role] = try configuration.fields(key)?.text("content")
      default: throw configuration.mismatch(key, expected: "a token")
      }
    }
  }

  /// Names to try, the likeliest first.
  private func names(_ role: SpecialTokens.Role) -> [String] {
    (given[role].map { [$0] } ?? []) + role.usualNames
  }

  /// The special tokens that a vocabulary has; `unknown` is the unknown token's name, where the
  /// tokenizer's model gives it.
  func find(
    in table: TokenTable, added: [AddedTokens.Token], unknown: String? = nil
  ) -> SpecialTokens {
    var special = SpecialTokens()
    for role in SpecialTokens.Role.allCases {
      special[role] = names(role).lazy.compactMap { table.id(of: $0) }.first
    }
    if let id = unknown.flatMap({ table.id(of: $0) }) { special[.unknown] = id }
    special.ids = Set(added.filter(\.isSpecial).map(\.id))
    return special
  }

  /// The added tokens of a vocabulary without `tokenizer.json`: its special ones.
  func added(in table: TokenTable) -> [AddedTokens.Token] {
    var tokens: [AddedTokens.Token] = []
    for role in SpecialTokens.Role.allCases {
      for name in names(role) {
        guard let id = table.id(of: name) else { continue }
        if !tokens.contains(where: { $0.id == id }) {
          tokens.append(AddedTokens.Token(id: id, content: name))
        }
        break
      }
    }
    return tokens
  }
}
