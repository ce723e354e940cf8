use super::*;

fn row(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

#[test]
fn headings_of_people_are_understood() {
    for (heading, field) in [
        ("NOM", "last_name"),
        ("Nom de famille", "last_name"),
        ("Prénom", "first_name"),
        ("PRENOM ", "first_name"),
        ("Prénon", "first_name"),
        ("Nom et prénom", "full_name"),
        ("NOM Prénom", "full_name"),
        ("NOM / Prénom", "full_name"),
        ("Promeneur", "full_name"),
        ("Promeneur du Net", "full_name"),
        ("Contact", "full_name"),
        ("Nom à afficher", "full_name"),
        ("Structure employeur ", "structure"),
        ("Organisation", "structure"),
        ("Nom de la structure", "structure"),
        ("Fonction", "job_title"),
        ("Poste", "job_title"),
        ("Métier", "job_title"),
        ("Profession", "job_title"),
        ("Mél", "email"),
        ("E-mail", "email"),
        ("Courriel", "email"),
        ("Couriel", "email"),
        ("Adresse électronique principale", "email"),
        ("Adresse mail pro", "email"),
        ("Mail PdN", "email"),
        ("Tél. pro", "phone"),
        ("Tél", "phone"),
        ("Téléphonne", "phone"),
        ("N° de téléphone", "phone"),
        ("Tél. professionnel", "phone"),
        ("Portable", "phone"),
        ("Téléphone (pro)", "phone"),
        ("Ville", "commune"),
        ("Localité", "commune"),
        ("Date entrée", "started_on"),
        ("Date d'entrée", "started_on"),
        ("Date d’entrée (jj/mm/aaaa)", "started_on"),
        ("Arrivée", "started_on"),
        ("Début", "started_on"),
        ("Date sortie", "ended_on"),
        ("Départ", "ended_on"),
        ("Charte", "charter"),
        ("Charte (oui/non)", "charter"),
        ("Permanences en ligne", "office_hours"),
        ("Horaires", "office_hours"),
        ("Remarques", "note"),
        ("Post-it", "note"),
        ("Présentation", "presentation"),
        ("Thématiques", "themes"),
        ("Heures hebdo", "weekly_hours"),
        ("Nb heures", "weekly_hours"),
        ("Formation socle", "training_on"),
        ("Fiche rens.", "info_sheet_on"),
        ("Fiche de renseignements", "info_sheet_on"),
        ("Site national", "national_listing_on"),
        ("Public", "audience"),
        ("Facebook", "social:facebook"),
        ("Insta", "social:instagram"),
        ("Snap", "social:snapchat"),
        ("Twitter / X", "social:x"),
        ("Tél. portable professionnel", "phone"),
        ("Employeur / Structure", "structure"),
        ("Nom du promeneur", "last_name"),
        ("Réseau social : Instagram", "social:instagram"),
        ("Pseudo TikTok", "social:tiktok"),
    ] {
        assert_eq!(person_field(heading), Some(field), "{heading}");
    }
    for heading in [
        "",
        "-",
        "Couleur",
        "Adresse électronique secondaire",
        "Fax",
        "Dupont",
        "Mail / Tél",
        "Mail perso",
        "42",
        "CP",
        "SIRET",
    ] {
        assert_eq!(person_field(heading), None, "{heading}");
    }
}

#[test]
fn headings_of_structures_are_understood() {
    for (heading, field) in [
        ("Nom de la structure", "name"),
        ("Structure candidate", "name"),
        ("Organisme", "name"),
        ("Employeur", "name"),
        ("Nom", "name"),
        ("Type", "type"),
        ("Type de structure", "type"),
        ("Statut juridique", "legal_form"),
        ("Adresse", "address"),
        ("Rue", "address"),
        ("CP", "postcode"),
        ("C.P.", "postcode"),
        ("Code postal", "postcode"),
        ("Commune", "commune"),
        ("SIRET", "siret"),
        ("N° SIRET", "siret"),
        ("N° de Siret", "siret"),
        ("Téléphone", "phone"),
        ("Mail", "email"),
        ("Site internet", "website"),
        ("Responsable", "manager_name"),
        ("Directeur/Directrice", "manager_name"),
        ("Directeur·rice", "manager_name"),
        ("Contact", "manager_name"),
        ("Mail du responsable", "manager_email"),
        ("Tél. responsable", "manager_phone"),
        ("Nb postes PdN", "labelled_posts"),
        ("Nombre de postes", "labelled_posts"),
        ("Postes demandés", "labelled_posts"),
        ("Nbre de PdN", "labelled_posts"),
        ("Statut", "status"),
        ("Date d’entrée", "entered_on"),
        ("Date de sortie", "left_on"),
        ("AAP", "call_ref"),
        ("Appel à projets", "call_ref"),
        ("Observations", "note"),
        ("Public visé", "audience"),
        ("Présentation", "presentation"),
    ] {
        assert_eq!(structure_field(heading), Some(field), "{heading}");
    }
    for heading in ["", "Prénom", "Couleur", "Insta", "x"] {
        assert_eq!(structure_field(heading), None, "{heading}");
    }
}

#[test]
fn headings_tell_people_from_structures() {
    for (headings, kind) in [
        (&["NOM", "Prénom", "Structure", "Mél"][..], Some(SheetKind::People)),
        (&["Promeneur", "Structure", "Tél"][..], Some(SheetKind::People)),
        (&["Nom à afficher", "Adresse électronique principale"][..], Some(SheetKind::People)),
        (&["Nom de la structure", "Type", "CP", "SIRET"][..], Some(SheetKind::Structures)),
        (&["Structure", "Contact", "Mail", "Tél"][..], Some(SheetKind::Structures)),
        (
            &["Structure candidate", "Commune", "Postes demandés", "Responsable"][..],
            Some(SheetKind::Structures),
        ),
        (&["Nom", "Adresse", "CP", "Ville", "Tél"][..], Some(SheetKind::Structures)),
        (&["Structure", "Commune", "Nom", "Prénom", "Mail"][..], Some(SheetKind::People)),
        (&["Nom"][..], None),
        (&["Date", "Montant"][..], None),
        (&[][..], None),
    ] {
        assert_eq!(sheet_kind(&row(headings)), kind, "{headings:?}");
    }
}

#[test]
fn the_heading_row_lies_below_titles_and_blank_lines() {
    let rows = [
        row(&["ANNUAIRE PROMENEURS DU NET 74 – mise à jour 2026", "", ""]),
        row(&["NE PAS DIFFUSER", "", ""]),
        row(&["", "", ""]),
        row(&["NOM", "Prénom", "Couleur préférée", "Mél"]),
        row(&["Béraud", "Rémi", "bleu", "remi@b.example"]),
    ];
    assert_eq!(find_row(&rows), Some(3));
    assert_eq!(find_row(&rows[4..]), None);
    assert_eq!(find_row(&[]), None);
    let deep: Vec<Vec<String>> =
        (0..25).map(|at| if at == 21 { row(&["Nom", "Prénom"]) } else { row(&[""]) }).collect();
    assert_eq!(find_row(&deep), None);
}
