//! What search engines read of a page beside its text: schema.org types as JSON-LD. What every feature needs to say
//! it; nothing is said there that the page does not show.

use serde_json::{Value, json};

use super::cx::Cx;

/// A whole address of this site.
pub fn absolute(cx: &Cx, path: &str) -> String {
    format!("{}{path}", cx.origin)
}

/// Drops what is absent: schema.org knows no null.
fn tidy(value: Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| (name, tidy(value)))
            .filter(|(_, value)| !value.is_null() && value != &json!([]) && value != &json!(""))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::Array(all) => all.into_iter().map(tidy).filter(|value| !value.is_null()).collect(),
        other => other,
    }
}

/// A thing that stands alone in a page.
pub fn whole(value: Value) -> Value {
    let mut value = tidy(value);
    value["@context"] = json!("https://schema.org");
    value
}

/// The network as an organisation, by which other data refer to it.
pub fn organisation(cx: &Cx) -> Value {
    json!({
        "@type": "Organization",
        "@id": absolute(cx, "/#reseau"),
        "name": format!("Promeneurs du Net {}", cx.network.of()),
        "url": absolute(cx, "/"),
    })
}

/// Where a page stands: names and addresses from the home page down.
pub fn crumbs(cx: &Cx, steps: &[(&str, &str)]) -> Value {
    let items: Vec<Value> = steps
        .iter()
        .zip(1..)
        .map(|((name, path), position)| {
            json!({ "@type": "ListItem", "position": position, "name": name, "item": absolute(cx, path) })
        })
        .collect();
    whole(json!({ "@type": "BreadcrumbList", "itemListElement": items }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_absent_is_not_said() {
        let value = json!({ "a": null, "b": "", "c": [], "d": { "e": null, "f": 1 }, "g": ["x"] });
        assert_eq!(tidy(value), json!({ "d": { "f": 1 }, "g": ["x"] }));
    }
}
