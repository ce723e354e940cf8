//! Requests and answers.

pub mod assets;
pub mod cx;
pub mod encoding;
pub mod field;
pub mod form;
pub mod frame;
pub(crate) mod guards;
mod health;
pub mod kept;
pub mod linked_data;
pub mod pager;
pub mod respond;
pub mod routes;
pub mod serve;
pub mod theme;
pub mod upload;
