//! Every feature of Esplanade, one folder per area under `features`.

pub mod features;

pub use features::parts;
