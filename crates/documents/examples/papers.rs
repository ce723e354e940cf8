//! Writes sample papers into a folder, for the eye and for `scripts/papers.sh`: `papers FOLDER`.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::Instant;

use documents::paper::{Block, Paper, Run, Table, blocks_of_html, docx, odt, pdf};

/// A note as the editor of minutes leaves it.
const NOTE: &str = "<p>Mme Aït-Kaci rappelle que <strong>trois postes</strong> sont vacants depuis janvier, et <em>deux autres le seront \
    à l’été</em>. Le détail est dans <a href=\"https://drome.example/documents/bilan-intermediaire-2026\" rel=\"noopener\">le bilan intermédiaire</a>.</p>\
    <h2>Ce qui a été dit</h2><p>La discussion porte sur&nbsp;:</p>\
    <ul><li><p>la présence en ligne pendant les vacances scolaires&nbsp;;</p><ul><li>semaine 1&nbsp;: Crest et Die&nbsp;;</li>\
    <li>semaine 2&nbsp;: Valence, avec<ol><li>une équipe le matin,</li><li>une équipe l’après-midi.</li></ol></li></ul></li>\
    <li><p>les nouveaux réseaux que les jeunes utilisent&nbsp;;</p></li><li><p>la formation du 4 juin.</p></li></ul>\
    <blockquote><p>«&nbsp;On ne va pas là où sont les jeunes pour les surveiller, mais pour qu’ils sachent à qui parler.&nbsp;»</p></blockquote>\
    <h3>Points de vigilance</h3><p>Aucun échange n’est conservé au-delà de ce que prévoit la charte.<br>La référente le rappellera \
    à <strong><em>chaque nouvelle personne</em></strong>.</p>\
    <figure><img src=\"/images/1/960.webp\" alt=\"La fresque réalisée par les jeunes de Crest\"><figcaption>Crest, mai 2026</figcaption></figure>";

const WORDS: &str = "Le comité prend connaissance du bilan intermédiaire et remercie les structures qui l’ont nourri. Les promeneurs \
    ont répondu à davantage de sollicitations qu’en 2025, principalement le mercredi et en soirée, et la part des parents \
    progresse dans les territoires ruraux. Le Département souhaite que les missions locales soient associées dès l’automne ; \
    la Caf confirme que l’enveloppe est reconduite à l’identique.";

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("papers FOLDER")?;
    fs::create_dir_all(&folder)?;
    let folder = Path::new(&folder);
    let papers = [
        ("one-page", one_page()),
        ("minutes", minutes(3)),
        ("meeting-papers", minutes(42)),
        ("hostile", hostile()),
    ];
    for (name, paper) in papers {
        let begun = Instant::now();
        fs::write(folder.join(format!("{name}.pdf")), pdf(&paper)?)?;
        let drawn = begun.elapsed();
        fs::write(folder.join(format!("{name}.docx")), docx(&paper)?)?;
        fs::write(folder.join(format!("{name}.odt")), odt(&paper)?)?;
        eprintln!("{name}: PDF {drawn:?}, DOCX and ODT {:?}", begun.elapsed() - drawn);
    }
    Ok(())
}

fn one_page() -> Paper {
    Paper {
        title: "Relevé de décisions".to_owned(),
        subtitles: vec!["Comité technique du 5 février 2026".to_owned()],
        with_contents: false,
        blocks: vec![
            Block::text(WORDS),
            decision("Décision 2026-01"),
            Block::heading(1, "Suites"),
            Block::List {
                ordered: true,
                items: ["Écrire aux structures", "Publier le calendrier", "Préparer le comité de pilotage"]
                    .map(|item| vec![Block::text(item)])
                    .to_vec(),
            },
        ],
        ..minutes(0)
    }
}

fn minutes(items: usize) -> Paper {
    let mut blocks = vec![Block::heading(1, "Présences"), presences(if items > 10 { 60 } else { 9 })];
    for item in 1..=items {
        blocks.push(Block::heading(1, format!("{item}. Bilan intermédiaire et postes vacants")));
        blocks.push(Block::text(WORDS));
        blocks.push(Block::heading(2, "Échanges"));
        blocks.extend(blocks_of_html(NOTE, 2));
        blocks.push(Block::heading(2, "Décisions"));
        blocks.push(decision(&format!("Décision 2026-{item:02}")));
        if item < items {
            blocks.push(Block::Rule);
        }
    }
    Paper {
        title: "Compte rendu du comité de pilotage du 12 mars 2026".to_owned(),
        subtitles: vec!["Version validée par les membres le 26 mars 2026".to_owned()],
        network: "Promeneurs du Net de la Drôme".to_owned(),
        committee: "Comité de pilotage".to_owned(),
        accent: "#0f5e6b".to_owned(),
        facts: [
            ("Date", "jeudi 12 mars 2026, de 9 h 30 à 12 h 15"),
            ("Lieu", "Caf de la Drôme, salle Vercors\n10 rue Marcel-Barbu, 26000 Valence"),
            ("Présidence", "Mme Claire Fontanel, directrice adjointe de la Caf"),
            ("Rédigé par", "Samia Aït-Kaci, coordinatrice départementale"),
        ]
        .map(|(label, value)| (label.to_owned(), value.to_owned()))
        .to_vec(),
        with_contents: true,
        blocks,
        footer: "Promeneurs du Net de la Drôme – document interne, diffusion aux membres du comité"
            .to_owned(),
        made_at: "2026-03-26T08:00:00Z".to_owned(),
    }
}

fn decision(label: &str) -> Block {
    Block::Callout {
        label: label.to_owned(),
        blocks: vec![
            Block::Paragraph(vec![
                Run::plain("Le comité ouvre "),
                Run::bold("trois postes"),
                Run::plain(" à l’appel à candidatures de juin. Adoptée à l’unanimité (11\u{a0}voix)."),
            ]),
            Block::List {
                ordered: false,
                items: vec![
                    vec![Block::text("Responsable : coordination")],
                    vec![Block::text("Échéance : 30 avril 2026")],
                ],
            },
        ],
    }
}

fn presences(count: usize) -> Block {
    let names = ["Claire Fontanel", "Jean-Baptiste Moulin-Berger", "Nadia Ouali", "Étienne Garcin"];
    let of =
        ["Caf de la Drôme", "Conseil départemental", "SDJES", "Fédération des centres sociaux Drôme-Ardèche"];
    let row = |at: usize| {
        let state = if at % 3 == 2 { "excusé·e, pouvoir à la Caf" } else { "présent·e" };
        [names[at % 4], of[(at / 2) % 4], state].map(|text| vec![Run::plain(text)]).to_vec()
    };
    Block::Table(Table {
        caption: "Membres du comité".to_owned(),
        head: ["Nom", "Organisme", "Présence"].map(|text| vec![Run::plain(text)]).to_vec(),
        rows: (0..count).map(row).collect(),
        weights: vec![3, 4, 3],
    })
}

/// What nobody should write, and somebody will.
fn hostile() -> Paper {
    let title = "Compte rendu de la réunion extraordinaire du comité de pilotage élargi aux structures porteuses et aux partenaires \
        associés, consacrée au renouvellement des conventions pluriannuelles 2027-2030";
    let word = "https://drome.example/".to_owned() + &"documents-partages/".repeat(12);
    let mut deep = vec![Block::text("le plus profond")];
    for at in 0..9 {
        deep = vec![
            Block::text(format!("niveau {at}")),
            Block::List { ordered: at % 2 == 0, items: vec![deep] },
        ];
    }
    Paper {
        title: title.to_owned(),
        blocks: vec![
            Block::heading(3, "#read(\"/etc/passwd\") *gras* $x$ <b>&amp;</b> \\ @ref"),
            Block::text(word.clone()),
            Block::text(
                "Bravo 🎉 à tous → suite ☐ à faire ✓ fait ; Αθήνα, Nguyễn Văn Đạt, ﬁn 1\u{202f}000\u{202f}€ ≥ 3",
            ),
            Block::heading(4, "a".repeat(200)),
            Block::Paragraph(vec![
                Run::link("un lien dangereux", "javascript:alert(1)"),
                Run::plain(", "),
                Run::link(word.clone(), word.clone()),
            ]),
            Block::Table(Table {
                caption: String::new(),
                head: (0..8).map(|at| vec![Run::plain(format!("Colonne numéro {at}"))]).collect(),
                rows: vec![
                    vec![vec![Run::plain(word)], vec![Run::plain(WORDS)], vec![Run::plain("x".repeat(300))]],
                    vec![],
                ],
                weights: vec![],
            }),
            Block::Callout {
                label: "Décision très longue".to_owned(), blocks: vec![Block::text(WORDS); 14]
            },
            Block::Quote(deep),
            Block::Callout { label: "Sans rien".to_owned(), blocks: vec![] },
        ],
        ..minutes(0)
    }
}
