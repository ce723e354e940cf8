//! What the demonstration networks publish: news, pages, a menu, pictures painted here and nowhere else.

use app::features::publications::menu;
use app::features::publications::picture::{self, Picture};
use app::features::publications::pictures;
use app::features::publications::publication::{self, NEWS, PAGE, Publication};
use documents::picture::{Responsive, painted, responsive};
use kit::network::Network;
use kit::{Actor, App, Error, Result, Tx};

/// A text of the demonstration: kind, days since it was published, title, summary, body.
type Text = (&'static str, i64, &'static str, &'static str, &'static str);

const DROME: [Text; 5] = [
    (
        NEWS,
        3,
        "Écrans\u{a0}: un café des parents à Crest",
        "Quelle limite poser, et comment la tenir\u{a0}? Deux Promeneurs du Net en parlent avec vous, samedi matin.",
        include_str!("../../../demo/site/drome-ecrans.html"),
    ),
    (
        NEWS,
        17,
        "Harcèlement en ligne\u{a0}: que faire, à qui en parler",
        "Captures, signalement, 3018\u{a0}: les gestes utiles quand ça dérape dans un groupe.",
        include_str!("../../../demo/site/drome-harcelement.html"),
    ),
    (
        NEWS,
        41,
        "Les Promeneurs formés à repérer le mal-être",
        "Une journée avec la Maison des adolescents pour lire les signes, et ne jamais rester seul.",
        include_str!("../../../demo/site/drome-formation.html"),
    ),
    (
        PAGE,
        120,
        "Nos ateliers",
        "Réputation, information, respect\u{a0}: ce que les Promeneurs proposent aux groupes de jeunes.",
        include_str!("../../../demo/site/drome-ateliers.html"),
    ),
    (
        PAGE,
        90,
        "Pour les communes",
        "Ce qu’un Promeneur du Net apporte à un territoire, et ce que la commune peut faire.",
        include_str!("../../../demo/site/drome-elus.html"),
    ),
];

const ARDECHE: [Text; 5] = [
    (
        NEWS,
        5,
        "Jeux vidéo en famille\u{a0}: une soirée à Aubenas",
        "On joue ensemble, puis on parle\u{a0}: durée, achats, rencontres.",
        include_str!("../../../demo/site/ardeche-jeux.html"),
    ),
    (
        NEWS,
        22,
        "Des permanences plus tard le soir",
        "Plusieurs Promeneurs répondent désormais après 20\u{a0}h.",
        include_str!("../../../demo/site/ardeche-permanences.html"),
    ),
    (
        NEWS,
        50,
        "Orientation\u{a0}: les mercredis pour poser ses questions",
        "Vœux, lettres, portes ouvertes\u{a0}: des professionnels relisent et répondent.",
        include_str!("../../../demo/site/ardeche-orientation.html"),
    ),
    (
        PAGE,
        200,
        "Affiches et cartes",
        "Ce que la coordination envoie pour faire connaître le réseau.",
        include_str!("../../../demo/site/ardeche-supports.html"),
    ),
    (
        PAGE,
        150,
        "Pour les professionnels",
        "Travailler avec un Promeneur du Net, dans le respect de ce qui lui est confié.",
        include_str!("../../../demo/site/ardeche-professionnels.html"),
    ),
];

/// Pictures, drawn once for both networks: takes a second or two, so that nobody may be waiting for the data.
pub struct Painted {
    hills: Responsive,
    mosaic: Responsive,
}

/// Paints the two pictures of the demonstration.
pub async fn paint() -> Result<Painted> {
    let both = tokio::task::spawn_blocking(|| {
        Ok::<_, documents::picture::Refused>(Painted {
            hills: responsive(&painted(1600, 900, hills))?,
            mosaic: responsive(&painted(1600, 900, mosaic))?,
        })
    });
    both.await.map_err(Error::bug)?.map_err(Error::bug)
}

/// Fills the public site of a network.
pub async fn publish(app: &App, tx: &mut Tx, network: &Network, painted: &Painted) -> Result<()> {
    let (texts, author) = match network.code.as_str() {
        "07" => (&ARDECHE, "Claire Vernet"),
        _ => (&DROME, "Amandine Perrot"),
    };
    let at = |days: i64| Actor::program(network.id, author, app.now().plus_days(-days).plus_minutes(-90));
    let hills =
        illustrate(app, tx, &at(60), &painted.hills, "Des collines dans la brume, au lever du soleil")
            .await?;
    let mosaic =
        illustrate(app, tx, &at(59), &painted.mosaic, "Une mosaïque d’écailles de toutes les couleurs")
            .await?;
    let mut pages = Vec::new();
    for (turn, (kind, days, title, summary, body)) in texts.iter().enumerate() {
        let actor = at(*days);
        let mut text = Publication::titled(network.id, actor.now, kind, title);
        text.summary = Some((*summary).to_owned());
        text.body = (*body).to_owned();
        text.cover_id = match turn {
            0 => Some(mosaic.id),
            1 => None,
            _ => Some(hills.id),
        };
        text.publish(actor.now);
        let kept = publication::keep(tx, &actor, None, text).await?;
        if kept.kind == PAGE {
            pages.push(kept);
        }
    }
    for (rank, page) in (1..).zip(&mut pages) {
        page.menu_rank = rank;
        if rank == 1 { "both" } else { "foot" }.clone_into(&mut page.menu);
    }
    menu::arrange(tx, &at(1), network, &pages).await?;
    let mut draft =
        Publication::titled(network.id, app.now(), NEWS, "Le bilan de l’année, en chiffres et en images");
    "<p>Les chiffres sont à relire avec la Caf avant parution.</p>".clone_into(&mut draft.body);
    publication::keep(tx, &at(0), None, draft).await.map(|_| ())
}

async fn illustrate(app: &App, tx: &mut Tx, actor: &Actor, drawn: &Responsive, alt: &str) -> Result<Picture> {
    let mut picture = picture::blank(actor.network_id, actor.now, &actor.name);
    alt.clone_into(&mut picture.alt);
    pictures::store(app, &mut picture, drawn.clone()).await?;
    picture::keep(tx, actor, None, picture).await
}

/// Ridges behind ridges, paler as they go.
fn hills(x: f32, y: f32) -> [u8; 3] {
    let sun = ((x - 0.68).powi(2) * 3.2 + (y - 0.33).powi(2)).sqrt();
    let glow = (1.0 - sun * 1.9).clamp(0.0, 1.0);
    let mut colour = [
        mix(248.0, 255.0, glow) - y * 30.0,
        mix(214.0, 240.0, glow) - y * 18.0,
        mix(190.0, 205.0, glow) + y * 10.0,
    ];
    if sun < 0.085 {
        colour = [255.0, 246.0, 222.0];
    }
    for ridge in 0..6 {
        let depth = ridge as f32 / 5.0;
        let wave = (x * (5.0 + depth * 4.0) + depth * 9.0).sin() * 0.05
            + (x * (13.0 - depth * 3.0) + depth * 4.0).sin() * 0.022
            + (x * 31.0 + depth * 17.0).sin() * 0.006;
        if y > 0.44 + depth * 0.42 + wave {
            let mist = ((y - 0.44 - depth * 0.42 - wave) * 2.0).clamp(0.0, 1.0) * 34.0;
            colour = [
                mix(186.0, 24.0, depth) + mist,
                mix(190.0, 72.0, depth) + mist,
                mix(196.0, 66.0, depth) + mist,
            ];
        }
    }
    colour.map(|value| value.clamp(0.0, 255.0) as u8)
}

fn mix(from: f32, to: f32, part: f32) -> f32 {
    from + (to - from) * part
}

/// Fan-laid scales, as a paved esplanade.
fn mosaic(x: f32, y: f32) -> [u8; 3] {
    const COLOURS: [[f32; 3]; 5] = [
        [31.0, 111.0, 92.0],
        [127.0, 209.0, 187.0],
        [242.0, 195.0, 107.0],
        [208.0, 96.0, 74.0],
        [250.0, 240.0, 224.0],
    ];
    let (columns, rows) = (10.0, 11.25);
    let (mut best, mut colour) = (-1.0f32, COLOURS[4]);
    for above in 0..3 {
        let row = (y * rows).floor() - above as f32 + 1.0;
        let shift = if row.rem_euclid(2.0) < 0.5 { 0.0 } else { 0.5 };
        let column = (x * columns + shift).floor();
        let (dx, dy) = (x * columns + shift - column - 0.5, (y * rows - row) * 0.5);
        let far = (dx * dx + dy * dy).sqrt();
        if far < 0.5 && dy < -0.002 && row > best {
            best = row;
            let pick = (column * 3.0 + row * 2.0 + (column * row * 0.7).sin() * 2.0).abs() as usize % 4;
            let ring = (far * 12.0).fract();
            let shade = if ring < 0.16 { 0.78 } else { 1.0 };
            colour = COLOURS[pick].map(|value| value * shade);
        }
    }
    colour.map(|value| value.clamp(0.0, 255.0) as u8)
}
