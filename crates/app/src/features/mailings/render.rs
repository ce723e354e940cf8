//! A mailing as a message: blocks become MJML, MJML becomes HTML that mailboxes show alike, and the same blocks are
//! told as text. Words that people write never pass through MJML: each stands in for itself by a mark until the
//! layout is drawn.

use std::collections::HashMap;
use std::fmt::Write as _;

use kit::db::{Date, Id};
use kit::{Error, Network, Result, Tx, markup};
use mrml::prelude::render::RenderOptions;

use super::block::Block;
use super::mailing::Mailing;
use super::merge_field;
use crate::features::publications::picture::{self, Picture};
use crate::features::publications::publication::Publication;

/// What blocks show that stands elsewhere: news and pictures, those that may be shown today.
#[derive(Default)]
pub struct Shown {
    news: HashMap<Id, Publication>,
    pictures: HashMap<Id, Picture>,
}

impl Shown {
    pub async fn load(tx: &mut Tx, network: Id, blocks: &[Block], today: Date) -> Result<Self> {
        let ids: Vec<Id> = blocks.iter().filter_map(|block| block.news).collect();
        let mut news: Vec<Publication> = tx.all_in(network, "id", &ids).await?;
        news.retain(Publication::is_public);
        let mut pictures: Vec<Id> = blocks.iter().filter_map(|block| block.picture).collect();
        pictures.extend(news.iter().filter_map(|publication| publication.cover_id));
        pictures.extend(blocks.iter().flat_map(|block| markup::pictures(&block.body)));
        pictures.sort();
        pictures.dedup();
        let pictures = picture::shown(tx, network, &pictures, today).await?;
        Ok(Self {
            news: news.into_iter().map(|publication| (publication.id, publication)).collect(),
            pictures,
        })
    }
}

/// A drawn message, its fields still in it.
pub struct Drawn {
    pub subject: String,
    pub html: String,
    pub text: String,
}

/// What stands under a message: why one receives it, and whether one may stop.
pub struct Foot {
    pub why: String,
    pub may_leave: bool,
}

/// One block as it is told: what a title, a text, a picture and a link make.
pub struct Told {
    pub kind: String,
    pub title: String,
    /// Cleaned HTML.
    pub html: String,
    pub picture: Option<(String, String)>,
    pub url: String,
    /// What the link is called.
    pub link: String,
}

/// Blocks with what they show; one whose news or picture may no longer be shown is left out.
pub fn told(blocks: &[Block], shown: &Shown, base: &str) -> Vec<Told> {
    blocks.iter().filter_map(|block| tell(block, shown, base)).collect()
}

fn tell(block: &Block, shown: &Shown, base: &str) -> Option<Told> {
    let whole = |url: &str| if url.starts_with('/') { format!("{base}{url}") } else { url.to_owned() };
    let drawn = |id: &Id| {
        let picture = shown.pictures.get(id)?;
        Some((format!("{base}/images/{id}/960.jpg"), picture.alt.clone()))
    };
    let mut told = Told {
        kind: block.kind.clone(),
        title: block.title.clone(),
        html: pictured(&block.body, shown, base),
        picture: block.picture.as_ref().and_then(drawn),
        url: whole(&block.url),
        link: match block.kind.as_str() {
            "button" => block.title.clone(),
            "event" => "Voir l’événement".to_owned(),
            _ => "En savoir plus".to_owned(),
        },
    };
    if block.kind == "picture" {
        told.html = markup::escape(&block.body);
        told.picture.as_ref()?;
    }
    if block.kind == "news" {
        let news = shown.news.get(&block.news?)?;
        told.title.clone_from(&news.title);
        let text = news.summary.clone().unwrap_or_else(|| markup::excerpt(&news.body, 300));
        told.html = format!("<p>{}</p>", markup::escape(&text));
        told.url = whole(&news.public_url());
        told.link = "Lire la suite".to_owned();
        told.picture = news.cover_id.as_ref().and_then(drawn);
    }
    Some(told)
}

/// A text with whole addresses; pictures as mailboxes want them, those that may not be shown left out.
fn pictured(html: &str, shown: &Shown, base: &str) -> String {
    let drawn = markup::with_pictures(html, |id| shown.pictures.get(&id).map(Picture::drawn));
    markup::with_origin(&drawn, base)
}

/// Draws a mailing.
pub fn draw(network: &Network, mailing: &Mailing, base: &str, shown: &Shown, foot: &Foot) -> Result<Drawn> {
    let all = told(&mailing.blocks(), shown, base);
    let mut marks = Marks::default();
    let mjml = layout(network, mailing, &all, foot, &mut marks);
    let parsed = mrml::parse(&mjml).map_err(Error::bug)?;
    // No font of elsewhere: a message must ask nobody for anything.
    let options = RenderOptions { fonts: HashMap::new(), ..RenderOptions::default() };
    let html = parsed.element.render(&options).map_err(Error::bug)?;
    Ok(Drawn {
        subject: mailing.subject.clone(),
        html: marks.fill(html),
        text: text(network, &all, base, foot),
    })
}

/// What stands in the layout by a mark until it is drawn.
#[derive(Default)]
struct Marks(Vec<String>);

impl Marks {
    /// Keeps HTML, and gives the mark that stands for it.
    fn html(&mut self, html: &str) -> String {
        self.0.push(html.to_owned());
        format!("esplanade-mark-{}-", self.0.len())
    }

    /// The same for words, which are then text or the value of an attribute.
    fn words(&mut self, words: &str) -> String {
        self.html(&markup::escape(words))
    }

    fn fill(self, mut drawn: String) -> String {
        // The last first: « mark-1- » must not be found in « mark-12- », which its final sign sees to already.
        for (at, value) in self.0.iter().enumerate().rev() {
            drawn = drawn.replace(&format!("esplanade-mark-{}-", at + 1), value);
        }
        drawn
    }
}

fn layout(network: &Network, mailing: &Mailing, all: &[Told], foot: &Foot, marks: &mut Marks) -> String {
    let accent = &network.accent;
    let name = marks.words(&format!("Promeneurs du Net {}", network.of()));
    let title = marks.words(&mailing.subject);
    let preheader = marks.words(&mailing.preheader);
    let mut out = format!(
        "<mjml lang=\"fr\"><mj-head><mj-title>{title}</mj-title><mj-preview>{preheader}</mj-preview><mj-attributes>\
         <mj-all font-family=\"Arial, Helvetica, sans-serif\"/>\
         <mj-text font-size=\"16px\" line-height=\"1.55\" color=\"#1d2430\"/>\
         <mj-button background-color=\"{accent}\" color=\"#ffffff\" font-size=\"16px\" inner-padding=\"14px 26px\"/>\
         </mj-attributes><mj-style>a {{ color: {accent}; }} .foot a {{ color: #4a5260; }}</mj-style></mj-head>\
         <mj-body background-color=\"#f2f4f6\" width=\"620px\">\
         <mj-section background-color=\"{accent}\" padding=\"18px 12px\"><mj-column>\
         <mj-text color=\"#ffffff\" font-size=\"18px\" font-weight=\"700\">{name}</mj-text>\
         </mj-column></mj-section>\
         <mj-section background-color=\"#ffffff\" padding=\"12px 0 20px\"><mj-column>"
    );
    for told in all {
        draw_one(&mut out, told, marks);
    }
    let foot = marks.html(&foot_html(network, foot));
    let _ = write!(
        out,
        "</mj-column></mj-section><mj-section padding=\"12px\"><mj-column>\
         <mj-text css-class=\"foot\" font-size=\"13px\" color=\"#4a5260\">{foot}</mj-text>\
         </mj-column></mj-section></mj-body></mjml>"
    );
    out
}

fn draw_one(out: &mut String, told: &Told, marks: &mut Marks) {
    if told.kind == "divider" {
        out.push_str("<mj-divider border-width=\"1px\" border-color=\"#d5dae0\" padding=\"14px 25px\"/>");
        return;
    }
    if let Some((address, alt)) = &told.picture {
        let (address, alt) = (marks.words(address), marks.words(alt));
        let link = match told.kind.as_str() {
            "picture" if !told.url.is_empty() => format!(" href=\"{}\"", marks.words(&told.url)),
            _ => String::new(),
        };
        let _ = write!(out, "<mj-image src=\"{address}\" alt=\"{alt}\"{link} padding=\"10px 25px\"/>");
    }
    if !told.title.is_empty() && told.kind != "button" {
        let size = if told.kind == "heading" { "24px" } else { "19px" };
        let tag = if told.kind == "heading" { "h1" } else { "h2" };
        let escaped = markup::escape(&told.title);
        let title = marks
            .html(&format!("<{tag} style=\"margin:0;font-size:{size};line-height:1.25\">{escaped}</{tag}>"));
        let _ = write!(out, "<mj-text padding=\"14px 25px 4px\">{title}</mj-text>");
    }
    if !told.html.is_empty() {
        let caption = if told.kind == "picture" { " font-size=\"13px\" color=\"#4a5260\"" } else { "" };
        let body = marks.html(&merge_field::with_links(&told.html));
        let _ = write!(out, "<mj-text padding=\"4px 25px\"{caption}>{body}</mj-text>");
    }
    if told.url.is_empty() || told.kind == "picture" {
        return;
    }
    let (url, label) = (marks.words(&told.url), marks.words(&told.link));
    if told.kind == "button" {
        let _ = write!(out, "<mj-button href=\"{url}\" padding=\"14px 25px\">{label}</mj-button>");
    } else {
        // Read alone, a link says where it leads.
        let about = markup::escape(&told.title);
        let link = marks.html(&format!(
            "<a href=\"{}\">{}<span style=\"font-size:0;line-height:0\">\u{a0}: {about}</span></a>",
            markup::escape(&told.url),
            markup::escape(&told.link)
        ));
        let _ = write!(out, "<mj-text padding=\"4px 25px 12px\">{link}</mj-text>");
    }
}

fn sender(network: &Network) -> (String, String) {
    let settings = network.settings();
    let name = settings.coordinating_body.unwrap_or_else(|| format!("Promeneurs du Net {}", network.of()));
    (name, settings.postal_address.unwrap_or_default())
}

fn foot_html(network: &Network, foot: &Foot) -> String {
    let (name, postal) = sender(network);
    let (name, postal) = (markup::escape(&name), markup::escape(&postal).replace('\n', ", "));
    let why = markup::escape(&foot.why);
    let leave = match foot.may_leave {
        true => " · <a href=\"{{lien_desinscription}}\">Me désinscrire</a>",
        false => "",
    };
    let dash = if postal.is_empty() { "" } else { " – " };
    format!(
        "<p>{why}</p><p><a href=\"{{{{lien_preferences}}}}\">Choisir ce que je reçois</a>{leave}</p>\
         <p>{name}{dash}{postal}</p>"
    )
}

/// The same in plain words, for who reads without HTML: each link beside what it is called.
fn text(network: &Network, all: &[Told], base: &str, foot: &Foot) -> String {
    let mut parts = Vec::new();
    for told in all {
        let body = markup::text_with_all(&told.html);
        match told.kind.as_str() {
            "divider" => parts.push("————".to_owned()),
            "heading" => parts.push(told.title.to_uppercase()),
            "button" => parts.push(format!("{}\u{a0}: {}", told.title, told.url)),
            "picture" => {
                let alt = told.picture.as_ref().map(|(_, alt)| alt.as_str()).unwrap_or_default();
                parts.push(format!("[{alt}]\n{body}\n{}", told.url).trim().to_owned());
            }
            _ => {
                let link = match told.url.is_empty() {
                    true => String::new(),
                    false => format!("{}\u{a0}: {}", told.link, told.url),
                };
                parts.push(format!("{}\n{}\n{link}", told.title, spaced(&body)).trim().to_owned());
            }
        }
    }
    let (name, postal) = sender(network);
    let site = if base.is_empty() { String::new() } else { format!("\n{base}") };
    let leave = if foot.may_leave { "\nMe désinscrire\u{a0}: {{lien_desinscription}}" } else { "" };
    parts.push(format!(
        "--\u{20}\n{}\nChoisir ce que je reçois\u{a0}: {{{{lien_preferences}}}}{leave}\n\n{name}\n{postal}{site}",
        foot.why
    ));
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n") + "\n"
}

/// A blank line between paragraphs, none between the items of a list.
fn spaced(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        if !out.is_empty() {
            out.push_str(if line.starts_with('•') { "\n" } else { "\n\n" });
        }
        out.push_str(line);
    }
    out
}

#[cfg(test)]
mod tests {
    use kit::Timestamp;

    use super::*;

    fn drawn(blocks: &[Block]) -> Drawn {
        let mut mailing = Mailing::blank(Id::first(), Timestamp(0), "Essai");
        mailing.subject = "Les <nouvelles> & le \"reste\"".to_owned();
        mailing.blocks = super::super::block::write(blocks);
        let foot = Foot { why: "Parce que.".to_owned(), may_leave: true };
        draw(&Network::portal(), &mailing, "https://drome.example", &Shown::default(), &foot).unwrap()
    }

    #[test]
    fn what_is_written_stays_text_and_links_are_whole() {
        let at = |kind: &str| Block::new(Id::new(Timestamp(0)), kind);
        let mut heading = at("heading");
        heading.title = "<mj-raw>Titre</mj-raw>".to_owned();
        let mut text = at("text");
        text.body =
            "<p>{{lien_fiche}}</p><p>Bonjour {{prenom}},<br>voir <a href=\"/agenda\">l’agenda</a></p><hr>"
                .to_owned();
        let mut button = at("button");
        (button.title, button.url) = ("Lire".to_owned(), "https://a.example/?a=1&b=\"2\"".to_owned());
        let drawn = drawn(&[heading, text, at("divider"), button]);
        assert!(drawn.html.contains("&lt;mj-raw&gt;Titre"), "{}", drawn.html);
        assert!(drawn.html.contains("Bonjour {{prenom}},<br>voir"), "{}", drawn.html);
        assert!(drawn.html.contains("href=\"https://drome.example/agenda\""), "{}", drawn.html);
        assert!(drawn.html.contains("https://a.example/?a=1&amp;b=&quot;2&quot;"), "{}", drawn.html);
        assert!(!drawn.html.contains("esplanade-mark"), "{}", drawn.html);
        assert!(
            drawn.html.contains("<p><a href=\"{{lien_fiche}}\">{{lien_fiche}}</a></p>"),
            "{}",
            drawn.html
        );
        let leave = "<a href=\"{{lien_preferences}}\">Choisir ce que je reçois</a>";
        assert!(drawn.html.contains(leave) && !drawn.html.contains("=\"<a"), "{}", drawn.html);
        assert!(!drawn.html.contains("fonts.googleapis"), "{}", drawn.html);
        assert!(drawn.html.contains("{{lien_desinscription}}") && drawn.html.contains("lang=\"fr\""));
        assert!(drawn.text.contains("l’agenda (https://drome.example/agenda)"), "{}", drawn.text);
        assert!(drawn.text.contains("Lire\u{a0}: https://a.example/"), "{}", drawn.text);
    }
}
