/// Translations written by hand: what the grammar must say.
enum PairsTranslations {
  /// English | French.
  static let all: [(english: String, french: String)] = text.split(separator: "\n").map { line in
    let sides = line.split(separator: "|").map { side in
      String(side.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
    return (sides[0], sides[1])
  }

  private static let text = """
    the big red dog | le gros chien rouge
    the dog | le chien
    the girl | la fille
    the dogs | les chiens
    the tree | l'arbre
    the school | l'école
    the man | l'homme
    the hospital | l'hôpital
    the owl | le hibou
    the hero | le héros
    the bean | le haricot
    the axes | les haches
    a cat | un chat
    an apple | une pomme
    a university | une université
    an umbrella | un parapluie
    an old house | une vieille maison
    an old man | un vieil homme
    an old hero | un vieux héros
    the old men | les vieux hommes
    some old women | de vieilles femmes
    a beautiful bird | un bel oiseau
    a beautiful church | une belle église
    some beautiful trees | de beaux arbres
    the new hotel | le nouvel hôtel
    the new hospitals | les nouveaux hôpitaux
    my new car | ma nouvelle voiture
    the white house | la maison blanche
    the white flags | les drapeaux blancs
    the white flowers | les fleurs blanches
    the grey cats | les chats gris
    some brown shoes | des chaussures marron
    the orange dresses | les robes orange
    two purple scarves | deux écharpes violettes
    the green leaves | les feuilles vertes
    a small black mouse | une petite souris noire
    the three little rabbits | les trois petits lapins
    a pretty little garden | un joli petit jardin
    the red and white flag | le drapeau rouge et blanc
    the blue and yellow bicycles | les vélos bleus et jaunes
    the french actress | l'actrice française
    the italian actresses | les actrices italiennes
    some spanish singers | des chanteurs espagnols
    the happy queen | la reine heureuse
    the happy kings | les rois heureux
    the lazy girls | les filles paresseuses
    a jealous sister | une sœur jalouse
    the worried mother | la mère inquiète
    a light coat | un manteau léger
    the expensive cars | les voitures chères
    some fresh water | de l'eau fraîche
    the dry leaves | les feuilles sèches
    the soft scarf | l'écharpe douce
    the royal castles | les châteaux royaux
    the local newspapers | les journaux locaux
    the crazy woman | la femme folle
    the kind nurses | les infirmières gentilles
    a long story | une longue histoire
    the active children | les enfants actifs
    a secret letter | une lettre secrète
    a very big wolf | un très gros loup
    some very small eggs | de très petits œufs
    a very interesting book | un livre très intéressant
    some dogs | des chiens
    some good cakes | de bons gâteaux
    some other jewels | d'autres bijoux
    another school | une autre école
    my other friend | mon autre ami
    this man | cet homme
    this horse | ce cheval
    these horses | ces chevaux
    this window | cette fenêtre
    this island | cette île
    my mother | ma mère
    my school | mon école
    her story | son histoire
    his old school | sa vieille école
    my young friend | mon jeune ami
    their children | leurs enfants
    our house | notre maison
    your keys | vos clés
    every student | chaque étudiant
    all the women | toutes les femmes
    all the birds | tous les oiseaux
    many friends | beaucoup d'amis
    many red apples | beaucoup de pommes rouges
    seven potatoes | sept pommes de terre
    some bread | du pain
    some soup | de la soupe
    some good cheese | du bon fromage
    the boy's dog | le chien du garçon
    the girls' horses | les chevaux des filles
    the boys' mother | la mère des garçons
    the man's hat | le chapeau de l'homme
    my brother's two cats | les deux chats de mon frère
    the king's old castle | le vieux château du roi
    the door of the house | la porte de la maison
    the windows of the castle | les fenêtres du château
    the key of a hotel | la clé d'un hôtel
    the cat under the table | le chat sous la table
    the tree in front of the school | l'arbre devant l'école
    the shop near the station | le magasin près de la gare
    the shop near the museum | le magasin près du musée
    the garden next to the hospitals | le jardin à côté des hôpitaux
    the boy eats an apple | le garçon mange une pomme
    the boys eat the cake | les garçons mangent le gâteau
    I eat some meat | je mange de la viande
    I love this picture | j'aime cette image
    I write a letter | j'écris une lettre
    we eat some bread | nous mangeons du pain
    we choose a gift | nous choisissons un cadeau
    you read the newspaper | vous lisez le journal
    they drink some coffee | ils boivent du café
    she takes the blue cup | elle prend la tasse bleue
    he has a little dog | il a un petit chien
    they have three horses | ils ont trois chevaux
    the women wear some long dresses | les femmes portent de longues robes
    my father buys a new car | mon père achète une nouvelle voiture
    the doctor looks at the clock | le médecin regarde l'horloge
    the children look for their shoes | les enfants cherchent leurs chaussures
    I wait for the train | j'attends le train
    we listen to the teacher | nous écoutons le professeur
    she goes to the museum | elle va au musée
    we go to the hospital | nous allons à l'hôpital
    I go to the station | je vais à la gare
    they go to the shops | ils vont aux magasins
    he comes from the castle | il vient du château
    you come from the forest | vous venez de la forêt
    I dream of a horse | je rêve d'un cheval
    she speaks to the neighbours | elle parle aux voisins
    we talk about the hero | nous parlons du héros
    the queen gives a sword to the hero | la reine donne une épée au héros
    the baker offers some bread to the nurses | le boulanger offre du pain aux infirmières
    he shows the picture to the actor | il montre l'image à l'acteur
    the dog is big | le chien est gros
    the houses are white | les maisons sont blanches
    she is very tired | elle est très fatiguée
    they are happy | ils sont heureux
    the boy and the girl are happy | le garçon et la fille sont heureux
    the girl and her mother are happy | la fille et sa mère sont heureuses
    the cat is on the chair | le chat est sur la chaise
    I am in the garden | je suis dans le jardin
    he does not sleep | il ne dort pas
    I do not love him | je ne l'aime pas
    the dog does not eat the bread | le chien ne mange pas le pain
    we do not have a car | nous n'avons pas de voiture
    she does not see any birds | elle ne voit pas d'oiseaux
    they do not drink any wine | ils ne boivent pas de vin
    he never eats any meat | il ne mange jamais de viande
    the owl never sleeps here | le hibou ne dort jamais ici
    the door is not open | la porte n'est pas ouverte
    the windows are never clean | les fenêtres ne sont jamais propres
    I see them | je les vois
    she helps us | elle nous aide
    he calls me | il m'appelle
    we do not know her | nous ne la connaissons pas
    the wolf follows you | le loup vous suit
    you can swim | vous pouvez nager
    I want to read this book | je veux lire ce livre
    we must wash the plates | nous devons laver les assiettes
    he cannot open the window | il ne peut pas ouvrir la fenêtre
    they do not want to see her | ils ne veulent pas la voir
    she often sings | elle chante souvent
    the children always laugh | les enfants rient toujours
    the museum is often empty | le musée est souvent vide
    I work today | je travaille aujourd'hui
    we swim now | nous nageons maintenant
    the man who sings | l'homme qui chante
    the dogs that sleep under the table | les chiens qui dorment sous la table
    the cake that she eats | le gâteau qu'elle mange
    the book that the student reads | le livre que l'étudiant lit
    I know that he sleeps | je sais qu'il dort
    she thinks that the cat is sick | elle pense que le chat est malade
    they say that a student runs | ils disent qu'un étudiant court
    does the dog sleep? | est-ce que le chien dort ?
    is the soup hot? | est-ce que la soupe est chaude ?
    can he swim? | est-ce qu'il peut nager ?
    do you want to dance? | est-ce que vous voulez danser ?
    there is a mouse in the kitchen | il y a une souris dans la cuisine
    there are ten birds | il y a dix oiseaux
    there is not any water | il n'y a pas d'eau
    he sings and she dances | il chante et elle danse
    the boy works but the girl sleeps | le garçon travaille mais la fille dort
    I run because I see a bear | je cours parce que je vois un ours
    we laugh because he falls | nous rions parce qu'il tombe
    she sleeps if he sings | elle dort s'il chante
    I sing while they work | je chante pendant qu'ils travaillent
    the mother smiles at her son when he arrives | la mère sourit à son fils quand il arrive
    """
}
