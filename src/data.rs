//! The tables, profiles and forms built into the program.

use std::sync::{Arc, LazyLock};

use crate::domain::identity::{Divisions, IdTypes};
use crate::domain::profile::{Profile, Regions};
use crate::domain::sheet::SheetSpec;

/// Everything the rules look things up in.
#[derive(Debug)]
pub struct Tables {
    /// ID types and their wrong neighbours.
    pub id_types: IdTypes,
    /// Administrative divisions.
    pub divisions: Divisions,
    /// Region tables as printed.
    pub regions: Regions,
}
