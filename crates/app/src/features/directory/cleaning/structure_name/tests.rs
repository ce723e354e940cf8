use super::*;

#[test]
fn names_in_capitals_become_sentences() {
    for (typed, name) in [
        ("MAISON DES ADOLESCENTS DE VALENCE", "Maison des adolescents de Valence"),
        ("MJC D'ÉTOILE-SUR-RHÔNE", "MJC d'Étoile-sur-Rhône"),
        ("MJC D’ÉTOILE-SUR-RHÔNE", "MJC d’Étoile-sur-Rhône"),
        ("CENTRE SOCIAL DE SAINT-DONAT-SUR-L'HERBASSE", "Centre social de Saint-Donat-sur-l'Herbasse"),
        (
            "POINT ACCUEIL ÉCOUTE JEUNES DE BOURG-LÈS-VALENCE",
            "Point accueil écoute jeunes de Bourg-lès-Valence",
        ),
        ("FJT DE PIERRELATTE", "FJT de Pierrelatte"),
        ("MAISON DES JEUNES ET DE LA CULTURE DE CREST", "Maison des jeunes et de la culture de Crest"),
        ("MJC DE LA ROCHE-DE-GLUN", "MJC de La Roche-de-Glun"),
        ("LIGUE DE L'ENSEIGNEMENT DE LA DRÔME", "Ligue de l'enseignement de la Drôme"),
        ("SERVICE JEUNESSE DU TEIL", "Service jeunesse du Teil"),
        ("ALSH LES PETITS LOUPS", "ALSH les petits Loups"),
        ("M.J.C. DE NYONS", "M.J.C. de Nyons"),
        ("COLLÈGE HENRI IV", "Collège Henri IV"),
        ("CSC ST EXUPÉRY", "CSC St Exupéry"),
        ("CENTRE SOCIO-CULTUREL DE DIE", "Centre socio-culturel de Die"),
        ("UDAF 26", "UDAF 26"),
        ("BIJ/PIJ DE DIE", "BIJ/PIJ de Die"),
        ("mjc de crest", "MJC de Crest"),
        ("mission locale de montélimar", "Mission locale de Montélimar"),
    ] {
        assert_eq!(read(typed), name, "{typed}");
        assert_eq!(read(&read(typed)), read(typed), "{typed}");
    }
}

#[test]
fn names_in_mixed_case_are_left() {
    for name in ["Maison des Ados de Valence", "La MJC", "L’Escale", "E2C Drôme", ""] {
        assert_eq!(read(name), name);
    }
    assert_eq!(read("  La\u{a0}MJC  d'Étoile "), "La MJC d'Étoile");
}

#[test]
fn two_spellings_of_one_structure_share_their_key() {
    for (one, other) in [
        ("CS de Chabeuil", "Centre social de Chabeuil"),
        ("MJC D'ÉTOILE-SUR-RHÔNE", "MJC d’Étoile sur Rhône"),
        ("M.J.C. Étoile/Rhône", "Maison des Jeunes et de la Culture d'Etoile Rhône"),
        ("EVS Nyons", "Espace de vie sociale de Nyons"),
        ("FJT de Pierrelatte", "Foyer des jeunes travailleurs de Pierrelatte"),
        ("MDA Valence", "Maison des ados de Valence"),
        ("PAEJ de Crest", "Point Accueil Écoute Jeunes – Crest"),
        ("ML Montélimar", "Mission Locale de Montélimar"),
        ("PIJ de Die", "Point Information Jeunesse de Die"),
        ("BIJ Die", "Info Jeunes Die"),
        ("IJ Die", "Information Jeunesse de Die"),
        ("SJ de St-Vallier", "Service Jeunesse de Saint-Vallier"),
        ("Centre socio-culturel de Die", "Centre socioculturel de Die"),
        ("CSC Die", "Centre social et culturel de Die"),
        ("ALSH Loriol", "Accueil de loisirs sans hébergement de Loriol"),
        ("Maison des adolescents (MDA) de Valence", "MDA Valence"),
        ("MJC – Maison des jeunes et de la culture de Crest", "MJC Crest"),
        ("Prév. spé. d'Anneyron", "Prévention spécialisée d'Anneyron"),
    ] {
        assert_eq!(key(one), key(other), "{one} / {other}");
    }
}

#[test]
fn different_structures_keep_different_keys() {
    assert_eq!(key("Centre social de Chabeuil"), "centre social chabeuil");
    for (one, other) in [
        ("Centre social de Chabeuil", "Centre social de Crest"),
        ("MJC de Crest", "Centre social de Crest"),
        ("Saint-Paul", "Sainte-Paule"),
        ("Les", "La"),
    ] {
        assert_ne!(key(one), key(other));
    }
}

#[test]
fn a_key_is_its_own_key() {
    for name in
        ["CS de Chabeuil", "PIJ", "Maison des Jeunes et de la Culture", "Les", "C.S.C. Die", "socio culturel"]
    {
        assert_eq!(key(&key(name)), key(name), "{name}");
    }
}

#[test]
fn names_and_types_tell_the_kind() {
    for (typed, code) in [
        ("Lieu d’accueil et d’écoute", "listening_place"),
        ("Service Jeunesse", "youth_service"),
        ("Service enfance-jeunesse de la mairie de Die", "youth_service"),
        ("Information Jeunesse", "youth_information"),
        ("Info Jeunes de Romans-sur-Isère", "youth_information"),
        ("PIJ", "youth_information"),
        ("Association", "association"),
        ("Centre Socioculturel / EVS", "social_centre"),
        ("Centre social", "social_centre"),
        ("Association Centre social de Crest", "social_centre"),
        ("Espace de vie sociale", "evs"),
        ("Prévention Spécialisée", "prevention"),
        ("Prévention", "prevention"),
        ("Espace santé jeunes", "health_space"),
        ("Service Municipal", "municipal_service"),
        ("Mairie de Crest", "municipal_service"),
        ("FJT", "fjt"),
        ("Foyer de jeunes travailleurs de Pierrelatte", "fjt"),
        ("ALJT", "fjt"),
        ("MDA", "mda"),
        ("Maison des adolescents", "mda"),
        ("M.J.C. de Nyons", "mjc"),
        ("Mission locale", "mission_locale"),
        ("Espace public numérique", "epn"),
        ("PAEJ", "paej"),
        ("Association sportive", "sports_club"),
        ("Accueil de jeunes", "alsh"),
        ("Médiathèque", "library"),
        ("Collège Jean-Zay", "school"),
        ("Établissement scolaire", "school"),
        ("Maison des familles", "families_house"),
        ("École des parents", "families_house"),
        ("LAEP", "families_house"),
        ("REAAP", "families_house"),
        ("Autre", "other"),
    ] {
        assert_eq!(kind(typed), Some(code), "{typed}");
    }
    for typed in ["", "L’Escale", "Villeneuve", "?"] {
        assert_eq!(kind(typed), None, "{typed}");
    }
}
