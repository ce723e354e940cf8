//! `/agenda` and `/agenda.ics`: what the network organises for the public. Nothing is published yet.

use askama::Template;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use kit::web::frame::Frame;
use kit::web::respond::page;
use kit::{Cx, Result};

#[derive(Template)]
#[template(path = "site/agenda.html")]
struct AgendaPage {
    frame: Frame,
}

pub async fn show(cx: Cx) -> Result<Response> {
    let frame = cx.frame("Agenda").describe("Les rendez-vous publics des Promeneurs du Net.");
    Ok(page(&AgendaPage { frame }))
}

/// A calendar to subscribe to. RFC 5545 wants at least one component, and a time zone is one.
pub async fn calendar(cx: Cx) -> Result<Response> {
    let name = format!("Promeneurs du Net {}", cx.network.of());
    let lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Esplanade//Agenda//FR",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        &format!("X-WR-CALNAME:{}", escaped(&name)),
        "BEGIN:VTIMEZONE",
        "TZID:Etc/UTC",
        "BEGIN:STANDARD",
        "DTSTART:19700101T000000",
        "TZOFFSETFROM:+0000",
        "TZOFFSETTO:+0000",
        "TZNAME:UTC",
        "END:STANDARD",
        "END:VTIMEZONE",
        "END:VCALENDAR",
    ];
    let text: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
    Ok(([(header::CONTENT_TYPE, "text/calendar; charset=utf-8")], text).into_response())
}

/// A text value of RFC 5545 § 3.3.11.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n")
}
