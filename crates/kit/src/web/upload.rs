//! One uploaded file with the fields beside it, read within a limit.

use axum::extract::multipart::{Field, MultipartRejection};
use axum::extract::{FromRequest, Multipart, Request};
use bytes::{Bytes, BytesMut};

use super::form::Fields;
use crate::error::{Error, Result};

/// What a form with a file sent.
pub struct Upload {
    pub fields: Fields,
    /// The first file that is not empty: its name as given, and its bytes.
    pub file: Option<(String, Bytes)>,
}

/// Largest file taken, in bytes.
pub const MOST_BYTES: usize = 20 << 20;
const TOO_LARGE: &str = "Ce fichier dépasse 20\u{a0}Mo.";

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Error;
    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let mut parts = Multipart::from_request(request, state).await.map_err(|e| unreadable(&e))?;
        let mut upload = Self { fields: Fields::default(), file: None };
        while let Some(part) = parts.next_field().await.map_err(|e| failed(&e))? {
            let name = part.name().unwrap_or_default().to_owned();
            match part.file_name().map(str::to_owned) {
                Some(file_name) => {
                    let bytes = read(part, MOST_BYTES).await?;
                    if !bytes.is_empty() && upload.file.is_none() {
                        upload.file = Some((file_name, bytes));
                    }
                }
                None => {
                    let bytes = read(part, 1 << 16).await?;
                    upload.fields.add(&name, String::from_utf8_lossy(&bytes).into_owned());
                }
            }
        }
        Ok(upload)
    }
}

async fn read(mut part: Field<'_>, most: usize) -> Result<Bytes> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = part.chunk().await.map_err(|e| failed(&e))? {
        if bytes.len() + chunk.len() > most {
            return Err(Error::TooLarge(TOO_LARGE.to_owned()));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

fn unreadable(_: &MultipartRejection) -> Error {
    Error::refused("Cet envoi n’est pas lisible.")
}

fn failed(error: &axum::extract::multipart::MultipartError) -> Error {
    if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
        Error::TooLarge(TOO_LARGE.to_owned())
    } else {
        Error::refused("L’envoi s’est interrompu : recommencez.")
    }
}
