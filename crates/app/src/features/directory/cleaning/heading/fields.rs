//! The words that head columns, folded, by field (sources: directories of networks, exports of address
//! books). Within a list the first field that fits counts.

/// Fields, each with its phrases parted by `|`.
pub type Fields = &'static [(&'static str, &'static str)];

/// The networks whose columns are read, as fields of a person.
pub const SOCIAL: &[&str] = &[
    "social:facebook",
    "social:instagram",
    "social:snapchat",
    "social:tiktok",
    "social:discord",
    "social:messenger",
    "social:whatsapp",
    "social:twitch",
    "social:youtube",
    "social:x",
    "social:linkedin",
    "social:telegram",
    "social:signal",
    "social:skype",
    "social:games",
    "social:forum",
    "social:blog",
];

/// Columns of lists of people.
pub const PEOPLE: Fields = &[
    (
        "last_name",
        "nom|noms|nom de famille|nom du pdn|nom promeneur|nom usage|nom d usage|patronyme|last name|\
         surname|family name|nom pro|nom du promeneur|nom du promeneur du net|nom de l agent",
    ),
    ("first_name", "prenom|prenoms|prenom du pdn|first name|given name|prenom promeneur"),
    (
        "full_name",
        "nom et prenom|prenom et nom|nom prenom|prenom nom|noms et prenoms|noms prenoms|nom prenoms|\
         promeneur|promeneurs|promeneuse|promeneur du net|promeneurs du net|promeneur se|promeneur euse|\
         pdn|contact|nom complet|nom a afficher|nom affiche|display name|name|identite|professionnel|\
         professionnelle|salarie|personne|agent|nom du contact|nom et prenom du pdn|animateur|\
         nom du professionnel",
    ),
    (
        "structure",
        "structure|structures|structure employeur|structure employeuse|structure porteuse|\
         structure d accueil|nom de la structure|nom structure|employeur|organisme|organisation|societe|\
         entreprise|etablissement|structure de rattachement|company|organization|porteur|gestionnaire|\
         lieu de travail|association|service employeur|structure associee|nom structure porteuse|\
         nom de la structure porteuse|nom de la structure employeur|nom employeur|nom de l employeur|\
         structure employeuse porteuse",
    ),
    (
        "job_title",
        "fonction|fonctions|poste|poste occupe|intitule du poste|metier|profession|titre|emploi|qualite|\
         statut professionnel|intitule de poste|job title|fonction dans la structure",
    ),
    (
        "email",
        "mel|mail|mails|email|e mail|e mails|emails|courriel|courriels|adresse mail|adresse email|\
         adresse e mail|adresse mel|adresse courriel|adresse electronique|\
         adresse electronique principale|adresse de messagerie|messagerie|mail pro|email pro|e mail pro|\
         courriel pro|mel pro|mail professionnel|email professionnel|e mail professionnel|\
         courriel professionnel|adresse mail pro|adresse mail professionnelle|\
         adresse email professionnelle|e mail address|email address|mail structure|mail 1|email 1|\
         adresse mail du pdn",
    ),
    (
        "phone",
        "tel|tels|telephone|telephones|tel pro|telephone pro|tel professionnel|telephone professionnel|\
         portable|portable pro|tel portable|telephone portable|portable professionnel|tel portable pro|\
         mobile|mobile pro|tel mobile|telephone mobile|n tel|n de tel|n telephone|n de telephone|no tel|\
         numero|numero de telephone|numero de tel|num tel|num de tel|gsm|tph|tel fixe|fixe|\
         ligne directe|phone|mobile phone|telephone direct|coordonnees telephoniques|tel 1|\
         contact telephonique|tel mobile professionnel|tel portable fixe|tel fixe portable|ligne|\
         coordonnees tel",
    ),
    (
        "commune",
        "ville|villes|commune|communes|localite|ville professionnelle|ville pro|commune d intervention|\
         lieu|secteur|ville structure|city|commune de la structure|lieu d intervention",
    ),
    (
        "started_on",
        "date entree|date d entree|entree|arrivee|date arrivee|date d arrivee|debut|date debut|\
         date de debut|date entree reseau|date d entree dans le reseau|entree dans le reseau|\
         entree reseau|entre dans le reseau|prise de poste|date prise de poste|date de prise de poste|\
         prise de fonction|date de prise de fonction|pdn depuis|depuis|depuis le|date de debut pdn|\
         date labellisation|date de labellisation|date d adhesion|annee entree|annee d entree|debut pdn",
    ),
    (
        "ended_on",
        "date sortie|date de sortie|sortie|depart|date depart|date de depart|fin|date fin|date de fin|\
         sortie du reseau|date sortie reseau|date de sortie du reseau|date de fin pdn|fin de mission|\
         date de fin de mission|fin pdn|fin de contrat",
    ),
    (
        "charter",
        "charte|charte pdn|charte signee|signature charte|signature de la charte|date signature charte|\
         date de signature charte|date de signature de la charte|charte des promeneurs|charte promeneur|\
         charte des promeneurs du net|charte signee le|chartes",
    ),
    (
        "office_hours",
        "permanence|permanences|permanences en ligne|permanence en ligne|horaires|horaire|\
         horaires de permanence|horaires permanence|horaires de connexion|creneaux|creneau|\
         jours et horaires|presence en ligne|plages horaires|horaires de presence|\
         horaires de presence en ligne|horaires en ligne|jours de permanence|heures de permanence|\
         temps de presence|jours et heures de permanence|jours et horaires de permanence|jours horaires|\
         jours de presence|jours et heures|jour et heure|permanences numeriques",
    ),
    (
        "weekly_hours",
        "heures hebdo|heures hebdomadaires|nb heures|nb d heures|nombre d heures|heures|\
         heures par semaine|h semaine|temps hebdo|temps pdn|temps dedie|temps hebdomadaire|\
         nb heures hebdo|nb heures semaine|volume horaire|heures semaine|nombre d heures par semaine|\
         nombre d heures hebdo|temps de travail|quotite|nbre heures|nbre d heures",
    ),
    (
        "training_on",
        "formation|formations|formation socle|date formation|date de formation|formation pdn|\
         formation initiale|formation de base|formation suivie|formation socle pdn|date formation socle|\
         formation socle suivie le|forme le",
    ),
    (
        "info_sheet_on",
        "fiche de renseignement|fiche de renseignements|fiche renseignement|fiche renseignements|\
         fiche rens|fiche|fiche info|fiche d information|fiche pdn|fr recue|fiche renseignements recue|\
         fiche contact",
    ),
    (
        "national_listing_on",
        "site national|inscription site national|inscrit site national|site pdn|site internet pdn|\
         promeneursdunet fr|www promeneursdunet fr|annuaire national|en ligne site national|\
         sur le site national|mise en ligne site national|carte nationale|referencement national",
    ),
    (
        "audience",
        "public|publics|public vise|public cible|publics cibles|public accueilli|audience|\
         jeunesse parentalite|jeunes parents|type de pdn|type pdn|cible|tranche d age|pdn j p|pdnj pdnp|\
         type de public",
    ),
    (
        "themes",
        "theme|themes|thematique|thematiques|specialite|specialites|domaine|domaines|\
         domaine d intervention|competences|mots cles|sujets|themes abordes|thematiques abordees",
    ),
    (
        "presentation",
        "presentation|bio|biographie|description|a propos|texte de presentation|accroche|qui suis je|\
         presentation du pdn",
    ),
    (
        "note",
        "remarque|remarques|observation|observations|commentaire|commentaires|post it|note|notes|divers|\
         info|infos|informations|informations complementaires|infos complementaires|a savoir|suivi|memo|\
         precisions|autres informations|autre",
    ),
];

/// Columns of lists of structures.
pub const STRUCTURES: Fields = &[
    (
        "name",
        "nom de la structure|nom structure|structure|structures|structure candidate|structure employeur|\
         structure porteuse|structure d accueil|organisme|organisation|employeur|nom|denomination|\
         raison sociale|nom de l organisme|nom de l association|nom de l etablissement|etablissement|\
         intitule|nom de l employeur|porteur|porteur de projet|gestionnaire|candidat|nom du porteur|\
         intitule de la structure|libelle|association|nom structure porteuse|\
         nom de la structure porteuse|nom de la structure employeur|nom employeur|nom structures",
    ),
    (
        "type",
        "type|types|type de structure|type structure|categorie|nature|type d organisme|\
         nature de la structure|type d etablissement|categorie de structure|typologie",
    ),
    ("legal_form", "statut juridique|forme juridique|nature juridique|statut jur|type juridique|forme jur"),
    (
        "address",
        "adresse|adresses|rue|voie|adresse postale|adresse de la structure|adresse 1|adresse complete|\
         adresse siege|adresse du siege|n et rue|adresse professionnelle|siege|siege social",
    ),
    ("postcode", "cp|code postal|codepostal|code post|c p|codes postaux|code p"),
    ("commune", "ville|commune|localite|villes|communes|commune d implantation|ville de la structure|lieu"),
    (
        "siret",
        "siret|n siret|numero siret|no siret|num siret|siret de la structure|code siret|siren siret|\
         siret siren|n de siret",
    ),
    (
        "manager_email",
        "mail responsable|mail du responsable|email responsable|email du responsable|e mail responsable|\
         e mail du responsable|courriel responsable|courriel du responsable|mel responsable|\
         mel du responsable|mail directeur|mail direction|mail de la direction|email direction|\
         courriel direction|courriel de la direction|mail du directeur|mail contact|email contact|\
         mail du contact|adresse mail responsable|responsable mail|responsable email|\
         adresse mail du responsable|courriel du directeur|courriel contact|mail referent|mel direction",
    ),
    (
        "manager_phone",
        "tel responsable|tel du responsable|telephone responsable|telephone du responsable|\
         portable responsable|tel directeur|tel direction|telephone direction|telephone de la direction|\
         tel du directeur|tel contact|tel du contact|telephone contact|portable du responsable|\
         responsable tel|responsable telephone|mobile responsable|tel referent|telephone du contact|\
         telephone directeur",
    ),
    (
        "manager_name",
        "responsable|responsables|nom du responsable|nom responsable|directeur|directrice|\
         directeur directrice|directeur trice|directeur rice|directrice directeur|direction|contact|\
         personne contact|personne a contacter|nom du contact|referent|referente|nom du directeur|\
         responsable de la structure|responsable de structure|chef de service|representant legal|\
         president|presidente|interlocuteur|referent structure|nom contact|personne referente|\
         nom et prenom du responsable|responsable hierarchique|n 1|coordinateur|signataire|\
         nom prenom responsable|nom du directeur ou de la directrice|nom directeur|nom de la directrice|\
         directeur ou directrice|nom du referent",
    ),
    (
        "email",
        "mel|mail|email|e mail|courriel|adresse mail|adresse email|adresse e mail|adresse electronique|\
         adresse electronique principale|mail structure|mail de la structure|courriel de la structure|\
         email de la structure|mel structure|messagerie|adresse mail structure|mails|contact mail|\
         mail generique|mail accueil|courriels|emails",
    ),
    (
        "phone",
        "tel|telephone|tel structure|telephone structure|tel de la structure|telephone de la structure|\
         telephone fixe|tel fixe|fixe|standard|tel accueil|n tel|n de tel|n telephone|n de telephone|\
         numero de telephone|numero|num tel|portable|mobile|tel standard|tel pro|telephones|tph|no tel|\
         tel professionnel|telephone portable|tel portable",
    ),
    (
        "website",
        "site|sites|site internet|site web|web|url|page web|site internet de la structure|lien site|\
         adresse du site|adresse site|lien site internet|www|adresse internet|site de la structure",
    ),
    (
        "labelled_posts",
        "nb postes pdn|nb postes|nb de postes|nb poste|nbre postes|nbre de postes|nombre de postes|\
         nombre postes|nombre de postes pdn|postes|postes demandes|postes pdn|postes labellises|nb pdn|\
         nb de pdn|nombre de pdn|nombre pdn|nb de promeneurs|nb promeneurs|nombre de promeneurs|\
         nombre de promeneurs du net|nb postes demandes|nb de postes demandes|nombre de postes demandes|\
         poste|poste pdn|nb postes labellises|nombre de postes labellises|nbre pdn|nbre de pdn|labels|\
         nb labels|effectif pdn|nombre labellises|nb labellises|nbre labellises|nombre postes accordes|\
         postes accordes|postes pourvus",
    ),
    (
        "status",
        "statut|statuts|etat|situation|avancement|statut pdn|statut dans le reseau|etat d avancement|\
         statut reseau|position|etape|decision|statut de la structure|reponse",
    ),
    (
        "entered_on",
        "date entree|date d entree|entree|date entree reseau|date d entree dans le reseau|\
         entree dans le reseau|entree reseau|date adhesion|date d adhesion|adhesion|date labellisation|\
         date de labellisation|labellisation|depuis|debut|date debut|date de debut|date d arrivee|\
         arrivee|annee d entree|date convention|date de convention",
    ),
    (
        "left_on",
        "date sortie|date de sortie|sortie|sortie du reseau|date sortie reseau|date de sortie du reseau|\
         depart|date depart|date de depart|fin|date fin|date de fin|fin de convention",
    ),
    (
        "call_ref",
        "aap|appel a projets|appel a projet|annee aap|aap annee|campagne|appel a candidatures|\
         appel a candidature|aac|ami|annee d appel a projets|annee de l appel a projets|reference aap|\
         n aap",
    ),
    (
        "audience",
        "public|publics|public vise|public cible|publics accueillis|public accueilli|audience|\
         jeunesse parentalite|cible|publics vises|tranche d age|type de public",
    ),
    (
        "presentation",
        "presentation|description|presentation de la structure|texte de presentation|a propos|activites|\
         missions|projet|presentation du projet|descriptif",
    ),
    (
        "note",
        "remarque|remarques|observation|observations|commentaire|commentaires|post it|note|notes|divers|\
         info|infos|informations|informations complementaires|a savoir|suivi|memo|precisions|motif|avis",
    ),
];
