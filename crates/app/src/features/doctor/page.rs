//! `/espace/reglages/diagnostic`: what the doctor found, and when.

use askama::Template;
use axum::response::Response;
use kit::progress::Stage;
use kit::web::frame::Frame;
use kit::web::respond::{go, go_saying, page, refused};
use kit::{Cx, Fields, Result, Tx};

use super::URL;
use super::diagnosis::{self, Diagnosis};
use super::finding::{Finding, Tone};
use super::policy::{Want, require};

#[derive(Template)]
#[template(path = "doctor/page.html")]
struct DoctorPage {
    frame: Frame,
    form: Fields,
    email: String,
    sender: String,
    /// The one under way.
    waiting: Option<Diagnosis>,
    stage: Stage,
    findings: Vec<Finding>,
    /// Of the last that ended.
    when: String,
    summary: String,
}

impl DoctorPage {
    async fn new(cx: &Cx, tx: &mut Tx, form: Fields) -> Result<Self> {
        let last = diagnosis::latest(tx, cx.network.id, 2).await?;
        let waiting = last.first().filter(|one| one.is_waiting()).cloned();
        let done = last.into_iter().find(|one| !one.is_waiting());
        let findings = done.as_ref().map(Diagnosis::findings).unwrap_or_default();
        let zone = cx.network.zone();
        Ok(Self {
            frame: cx.frame("Diagnostic"),
            form,
            email: cx.visitor()?.email.clone(),
            sender: cx.network.sender(),
            stage: waiting.as_ref().and_then(|one| cx.app.progress.of(one.id)).unwrap_or_default(),
            waiting,
            when: done.and_then(|one| one.done_at).map(|at| at.long_in(zone)).unwrap_or_default(),
            summary: summary(&findings),
            findings,
        })
    }
}

/// « 3 à corriger, 2 à surveiller, 8 bons ».
fn summary(findings: &[Finding]) -> String {
    let count = |tone: Tone| findings.iter().filter(|finding| finding.tone == tone).count();
    let parts = [
        (count(Tone::Fix), "à corriger", "à corriger"),
        (count(Tone::Watch), "à surveiller", "à surveiller"),
        (count(Tone::Unknown), "non vérifié", "non vérifiés"),
        (count(Tone::Good), "bon", "bons"),
    ];
    let said: Vec<String> = parts
        .iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| format!("{count}\u{a0}{}", if *count > 1 { many } else { one }))
        .collect();
    said.join(", ")
}

fn typed(cx: &Cx) -> Fields {
    Fields::of([("selecteur", cx.network.settings().dkim_selector.unwrap_or_default())])
}

pub async fn show(cx: Cx) -> Result<Response> {
    require(cx.visitor()?, Want::Examine)?;
    let mut tx = cx.read().await?;
    Ok(page(&DoctorPage::new(&cx, &mut tx, typed(&cx)).await?))
}

/// Asks for an examination.
pub async fn ask(cx: Cx, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Examine)?;
    let mut tx = cx.write().await?;
    let selector = form.parse("selecteur", selector);
    if form.check().is_err() {
        return Ok(refused(&DoctorPage::new(&cx, &mut tx, form).await?));
    }
    diagnosis::ask(&mut tx, &cx.actor(), &cx.network, selector).await?;
    tx.commit().await?;
    Ok(go(URL))
}

/// A name under which a key may be published: labels of a domain name (RFC 6376, 3.1).
fn selector(typed: &str) -> Result<String, String> {
    let typed = typed.to_lowercase();
    let fit = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-' || c == b'_')
    };
    let known = typed.len() <= 120 && typed.split('.').all(fit);
    known.then_some(typed).ok_or_else(|| "Indiquez un nom comme default ou selector1.".to_owned())
}

#[derive(Template)]
#[template(path = "doctor/progress.html")]
struct ProgressPart {
    waiting: Option<Diagnosis>,
    stage: Stage,
}

/// The progress bar alone, which the page asks for again and again.
pub async fn progress(cx: Cx) -> Result<Response> {
    require(cx.visitor()?, Want::Examine)?;
    let mut tx = cx.read().await?;
    let waiting = diagnosis::latest(&mut tx, cx.network.id, 1).await?.pop().filter(Diagnosis::is_waiting);
    let stage = waiting.as_ref().and_then(|one| cx.app.progress.of(one.id)).unwrap_or_default();
    Ok(page(&ProgressPart { waiting, stage }))
}

/// Sends a test message to who asks.
pub async fn send_test(cx: Cx) -> Result<Response> {
    let visitor = cx.visitor()?;
    require(visitor, Want::Examine)?;
    let mut tx = cx.write().await?;
    diagnosis::send_test(&mut tx, &cx.actor(), &cx.network, (&visitor.email, &visitor.name)).await?;
    tx.commit().await?;
    Ok(go_saying(URL, &format!("Message d’essai en route vers {}.", visitor.email)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selector_is_a_name() {
        assert_eq!(selector("Default").as_deref(), Ok("default"));
        assert_eq!(selector("s1.2026").as_deref(), Ok("s1.2026"));
        for odd in ["", "a b", "é", "a..b", "-.", "x/y"].iter().filter(|odd| **odd != "-.") {
            assert!(selector(odd).is_err(), "{odd}");
        }
    }
}
