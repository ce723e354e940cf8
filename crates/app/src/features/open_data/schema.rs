//! The words in which the document says what an answer holds: closed objects, every field always there.

use utoipa::openapi::schema::{
    AdditionalProperties, AnyOfBuilder, ArrayBuilder, KnownFormat, ObjectBuilder, SchemaFormat, Type,
};
use utoipa::openapi::{RefOr, Schema};

/// A shape, as the document holds it.
pub type Shape = RefOr<Schema>;

fn plain(kind: Type, description: &str) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(kind).description(Some(description))
}

pub fn text(description: &str) -> Shape {
    plain(Type::String, description).into()
}

pub fn flag(description: &str) -> Shape {
    plain(Type::Boolean, description).into()
}

pub fn number(description: &str) -> Shape {
    plain(Type::Integer, description).minimum(Some(0)).into()
}

pub fn date(description: &str) -> Shape {
    plain(Type::String, description).format(Some(SchemaFormat::KnownFormat(KnownFormat::Date))).into()
}

pub fn date_time(description: &str) -> Shape {
    plain(Type::String, description).format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime))).into()
}

pub fn one_of(description: &str, values: &[&str]) -> Shape {
    plain(Type::String, description).enum_values(Some(values.iter().copied())).into()
}

/// A value that may be unknown, or not published: then `null`.
pub fn maybe(shape: Shape) -> Shape {
    let null = ObjectBuilder::new().schema_type(Type::Null);
    AnyOfBuilder::new().item(shape).item(null).into()
}

pub fn array(description: &str, item: Shape) -> Shape {
    ArrayBuilder::new().items(item).description(Some(description)).into()
}

/// An object with these fields, always all of them and never another.
pub fn object<'a>(description: &str, fields: impl IntoIterator<Item = (&'a str, Shape)>) -> Shape {
    let mut object =
        plain(Type::Object, description).additional_properties(Some(AdditionalProperties::FreeForm(false)));
    for (name, shape) in fields {
        object = object.property(name, shape).required(name);
    }
    object.into()
}
