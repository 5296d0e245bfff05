/// An adjective in both languages.
struct Adjective: Sendable, Equatable {
  /// Where English puts it among several: other, opinion, size, age, all else.
  enum Rank: Int, Sendable {
    case other, opinion, size, age, rest
  }

  let english: String
  let masculine: String
  let feminine: String
  let masculinePlural: String
  let femininePlural: String
  /// Before a noun that begins with a vowel: un vieil homme.
  let beforeVowel: String?
  /// Whether French puts it before the noun.
  let comesFirst: Bool
  let rank: Rank
  /// The kinds of nouns that it goes with.
  let kinds: Set<Character>
  var isColour: Bool { rank == .rest && kinds.contains("#") }

  /// - Parameter line: `english masculine[/feminine[/before a vowel]] rank kinds`; French puts all
  ///   before the noun but those of the rank `rest`; `=` is before one that never changes; the kind
  ///   `#` is a colour, which goes with all that can be seen.
  init(line: Substring) {
    let fields = line.split(separator: " ")
    precondition(fields.count == 4, "expected four fields, found \(line)")
    english = String(fields[0])
    let isInvariable = fields[1].hasPrefix("=")
    let forms = fields[1].drop { $0 == "=" }.split(separator: "/").map(String.init)
    masculine = forms[0]
    feminine =
      isInvariable ? forms[0] : forms.count > 1 ? forms[1] : French.feminine(of: forms[0])
    masculinePlural = isInvariable ? forms[0] : French.plural(of: forms[0])
    femininePlural = isInvariable ? forms[0] : feminine + "s"
    beforeVowel = forms.count > 2 ? forms[2] : nil
    let ranks: [Substring: Rank] = [
      "other": .other, "opinion": .opinion, "size": .size, "age": .age,
    ]
    rank = ranks[fields[2]] ?? .rest
    comesFirst = rank != .rest
    kinds = fields[3] == "#" ? Set("#atcvnrlf") : Set(fields[3])
  }

  func form(_ gender: Gender, isPlural: Bool) -> String {
    switch (gender, isPlural) {
    case (.masculine, false): masculine
    case (.feminine, false): feminine
    case (.masculine, true): masculinePlural
    case (.feminine, true): femininePlural
    }
  }

  static let all: [Adjective] = """
    other autre other patrclvn
    beautiful beau/belle/bel opinion patclvn
    pretty joli opinion atclvn
    good bon/bonne opinion pfdr
    bad mauvais opinion pfdr
    small petit size patrclvnf
    little petit size patrclvnf
    big gros/grosse size atvnrf
    large grand size tclv
    young jeune age pa
    old vieux/vieille/vieil age patrclvn
    new nouveau/nouvelle/nouvel age trclv
    long long/longue size rc
    red rouge rest #
    blue bleu rest #
    green vert rest #
    black noir rest #
    white blanc/blanche rest #
    grey gris rest #
    yellow jaune rest #
    brown =marron rest #
    orange =orange rest #
    purple violet/violette rest #
    round rond rest t
    heavy lourd rest tvra
    light léger rest tc
    cold froid rest fd
    hot chaud rest fd
    fresh frais/fraîche rest fd
    dry sec/sèche rest cnt
    soft doux/douce rest ca
    clean propre rest tclv
    dirty sale rest tclva
    empty vide rest lvt
    open ouvert rest o
    broken cassé rest tv
    expensive cher rest tcvrf
    happy heureux rest pa
    sad triste rest par
    tired fatigué rest pa
    sick malade rest pa
    jealous jaloux/jalouse rest p
    worried inquiet/inquiète rest p
    dangerous dangereux rest avl
    intelligent intelligent rest pa
    famous célèbre rest prl
    rich riche rest pl
    strange étrange rest patrl
    interesting intéressant rest rlp
    fast rapide rest av
    slow lent rest av
    lazy paresseux rest pa
    kind gentil/gentille rest pa
    crazy fou/folle rest p
    active actif rest pa
    serious sérieux rest pr
    secret secret/secrète rest lr
    royal royal rest tlcr
    local local rest rlf
    french français rest pfrvtcl
    english anglais rest pfrvtcl
    italian italien rest pfrvtcl
    spanish espagnol rest pfrvtcl
    american américain rest pfrvtcl
    """.split(separator: "\n").map(Adjective.init(line:))
}
