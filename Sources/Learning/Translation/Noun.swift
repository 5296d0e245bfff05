enum Gender: Sendable {
  case masculine, feminine
}

/// A noun in both languages.
struct Noun: Sendable, Equatable {
  let english: String
  let englishPlural: String
  let french: String
  let frenchPlural: String
  let gender: Gender
  /// An h that keeps the article whole: le hibou.
  let isAspirated: Bool
  /// It can't be counted: "some bread", no "a bread".
  let isMass: Bool
  /// What it is, and so what can be said of it.
  let kinds: Set<Character>

  /// - Parameter line: `english[/plural] french[/plural] m|f kinds`; `~` is before what can't be
  ///   counted, `*` before an aspirated h; `_` stands for a blank.
  init(line: Substring) {
    let fields = line.split(separator: " ")
    precondition(fields.count == 4, "expected four fields, found \(line)")
    isMass = fields[0].hasPrefix("~")
    isAspirated = fields[1].hasPrefix("*")
    let english = fields[0].drop { $0 == "~" }.split(separator: "/").map(String.init)
    let french = fields[1].drop { $0 == "*" }.split(separator: "/").map { form in
      String(form.map { $0 == "_" ? " " : $0 })
    }
    self.english = english[0]
    englishPlural = english.count > 1 ? english[1] : English.plural(of: english[0])
    self.french = french[0]
    frenchPlural = french.count > 1 ? french[1] : French.plural(of: french[0])
    gender = fields[2] == "f" ? .feminine : .masculine
    kinds = Set(fields[3])
  }

  /// Kinds: p person, a animal, f food, d drink, t thing, o what can be opened, s what things stand
  /// on, r what is read, c clothes, l place, v vehicle, n nature.
  static let all: [Noun] = """
    man/men homme m p
    woman/women femme f p
    boy garçon m p
    girl fille f p
    child/children enfant m p
    king roi m p
    queen reine f p
    teacher professeur m p
    student étudiant m p
    doctor médecin m p
    nurse infirmière f p
    friend ami m p
    neighbour voisin m p
    baker boulanger m p
    singer chanteur m p
    actor acteur m p
    actress actrice f p
    father père m p
    mother mère f p
    brother frère m p
    sister sœur f p
    son fils m p
    hero/heroes *héros m p
    artist artiste m p
    dog chien m a
    cat chat m a
    horse cheval m a
    bird oiseau m a
    mouse/mice souris f a
    cow vache f a
    goat chèvre f a
    rabbit lapin m a
    wolf/wolves loup m a
    fox renard m a
    bear ours m a
    elephant éléphant m a
    duck canard m a
    goose/geese oie f a
    owl *hibou/hiboux m a
    hedgehog *hérisson m a
    bee abeille f a
    apple pomme f f
    cake gâteau m f
    egg œuf m f
    orange orange f f
    tomato/tomatoes tomate f f
    potato/potatoes pomme_de_terre/pommes_de_terre f f
    bean *haricot m f
    pear poire f f
    ~bread pain m f
    ~cheese fromage m f
    ~meat viande f f
    ~soup soupe f f
    ~water eau f d
    ~milk lait m d
    ~tea thé m d
    ~coffee café m d
    ~wine vin m d
    table table f ts
    chair chaise f ts
    knife/knives couteau m t
    plate assiette f t
    cup tasse f t
    glass verre m t
    bottle bouteille f to
    key clé f t
    box boîte f tos
    lamp lampe f t
    clock horloge f t
    toy jouet m t
    umbrella parapluie m to
    axe *hache f t
    flag drapeau m t
    mirror miroir m t
    door porte f to
    window fenêtre f to
    sword épée f t
    jewel bijou/bijoux m t
    gift cadeau m to
    book livre m ro
    letter lettre f ro
    newspaper journal m ro
    story histoire f r
    picture image f r
    hat chapeau m c
    coat manteau m c
    shirt chemise f c
    dress robe f c
    shoe chaussure f c
    scarf/scarves écharpe f c
    uniform uniforme m c
    house maison f l
    school école f l
    church église f l
    hospital hôpital m l
    hotel hôtel m l
    shop magasin m l
    garden jardin m l
    kitchen cuisine f l
    street rue f l
    city ville f l
    village village m l
    castle château m l
    museum musée m l
    station gare f l
    island île f ns
    forest forêt f l
    university université f l
    bridge pont m ns
    car voiture f v
    train train m v
    bus bus m v
    boat bateau m v
    plane avion m v
    bicycle vélo m t
    tree arbre m n
    flower fleur f n
    leaf/leaves feuille f n
    river rivière f n
    star étoile f n
    stone pierre f ns
    """.split(separator: "\n").map(Noun.init(line:))
}
