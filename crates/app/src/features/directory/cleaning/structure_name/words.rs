//! The words that names of structures are made of, folded (sources: types of structure of the national
//! guide and of departmental networks).

use std::collections::HashSet;
use std::sync::LazyLock;

/// Small inside a name.
pub static LINKS: Words = LazyLock::new(|| words(LINK_WORDS));

/// Always capitals.
pub static ACRONYMS: Words = LazyLock::new(|| words(ACRONYM_WORDS));

/// Common nouns and adjectives that stay small after the first word.
pub static COMMON: Words = LazyLock::new(|| words(COMMON_WORDS));

type Words = LazyLock<HashSet<&'static str>>;

fn words(text: &'static str) -> HashSet<&'static str> {
    text.split_ascii_whitespace().collect()
}

const LINK_WORDS: &str = "de du des d la le les l et a au aux en pour sur sous lez dans par avec ou un une chez entre vers \
     pres";

const ACRONYM_WORDS: &str = "acm adapei admr adsea aemo afev aljt als alsh anpaa apajh apase arje ars ase bge bij caarud caf \
     ccas cdas cdj cdos cemea cfa chrs chu cias cidf cidff cij cio cjc cllaj cmp cmpp cms cpam cpcv crij \
     cs csapa csc csx cyberbase ddcs drajes ehpad epci epe epide epj epn esat esj evs fcpe fdmjc fjt fol \
     frmjc gpas hlm ifac ifep ij ime irts itep laep lep mab mda mdj mecs mfr mij mjc mjep ml mpt mptt \
     msa msap ogec omjs paej pep pij pimms pjj pmi prij qpv ram reaap rpe sdjes sij sivom sivu sj smj \
     ssij tisf udaf udmjc ufcv ufolep unaf uriopss usep yij";

const COMMON_WORDS: &str = "accompagnement accueil actif action administratif ado adolescence adolescent adulte agence \
     agglomeration aide allocation amicale animation annexe antenne apprentissage appui art artistique \
     associatif association associative atelier autonomie avenir bibliotheque bureau cafe caisse canton \
     cantonal carrefour centre cite citoyen citoyenne citoyennete club collectif college comite communal \
     communale communautaire communaute commune communication concertation conseil cooperative \
     coordination creche culture culturel culturelle culturels decouverte delegation departement \
     departemental departementale departementaux developpement direction dispositif documentation \
     domicile droit ecole ecoute educatif education educative elementaire emploi enfance enfant \
     enseignement equipe equipement espace est etablissement etude etudiant etudiante familial familiale \
     familiaux famille federation feminin femme fille fondation football formation foyer garcon garderie \
     general generale groupe groupement habitant habitat handball handicap haut haute hebergement \
     hopital hospitalier independant info information innovation insertion institut intercommunal \
     intercommunale intergenerationnel international jeu jeune jeunesse jeux judo laique lien lieu ligue \
     local locale locaux logement loisir ludotheque lycee mairie maison medecine mediatheque mediation \
     medico metier metropole mission mixte mobilite multimedia municipal municipale municipaux musique \
     national nationale nord numerique observatoire office orientation ouest parent parental parentale \
     parentalite parents partage participatif patronage pays permanence petit petite plateforme point \
     pole polyvalent populaire prevention prive professionnel professionnelle programme projet promotion \
     protection public publique quartier regie region regional regionale relai relais rencontre reseau \
     residence ressource reussite rugby rural rurale ruraux salle sante sauvegarde scolaire secteur \
     section service social sociale sociaux socio socioculturel socioculturelle solidaire solidarite \
     soutien specialise specialisee sport sportif sportive structure sud syndicat technique territoire \
     territorial territoriale theatre tiers tous toutes travail travailleur travailleuse union \
     universitaire urbain urbaine vacance vie village ville voisin";
