//! The field: certificate codes, rosters, rules. No screen, no disk, no clock, no threads, no environment.
//!
//! Order, each names only what stands before it:
//! `vocabulary → text → wrap → leftovers → sound → spelling → name_list → calendar → date → level → identity → code → sheet → masked_change → fact → profile → deadline → roster → registry → profile_choice → ledger → due → rules → batch → selection → answers → values → spared → replace → reshape → recipe → matching → summary → upload → public_list → decoder → lookup → numbering → form → print`.

pub mod answers;
pub mod batch;
pub mod calendar;
pub mod code;
pub mod date;
pub mod deadline;
pub mod decoder;
pub mod due;
pub mod fact;
pub mod form;
pub mod identity;
pub mod ledger;
pub mod leftovers;
pub mod level;
pub mod lookup;
pub mod masked_change;
pub mod matching;
pub mod name_list;
pub mod numbering;
pub mod print;
pub mod profile;
pub mod profile_choice;
pub mod public_list;
pub mod recipe;
pub mod registry;
pub mod replace;
pub mod reshape;
pub mod roster;
pub mod rules;
pub mod selection;
pub mod sheet;
pub mod sound;
pub mod spared;
pub mod spelling;
pub mod summary;
pub mod text;
pub mod upload;
pub mod values;
pub mod vocabulary;
pub mod wrap;
