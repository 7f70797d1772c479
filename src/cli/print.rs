//! `skillcert print`: data for the program that prints certificates, the proof of one, and the photos that go with them.

mod data;
mod photos;
mod proof;

use clap::{Args, Subcommand};

use super::io::Io;
use crate::failure::Failure;
use crate::office::Office;

#[derive(Debug, Args)]
pub struct PrintArgs {
    #[command(subcommand)]
    verb: PrintVerb,
}

#[derive(Debug, Subcommand)]
enum PrintVerb {
    Data(Box<data::PrintDataArgs>),
    Proof(proof::PrintProofArgs),
    Photos(Box<photos::PrintPhotosArgs>),
}

pub fn run(args: &PrintArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    match &args.verb {
        PrintVerb::Data(args) => data::run(args, io, office),
        PrintVerb::Proof(args) => proof::run(args, io, office),
        PrintVerb::Photos(args) => photos::run(args, io, office),
    }
}
