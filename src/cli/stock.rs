//! `skillcert stock …`: blank certificates (空白证书): received, handed on, used, spoiled, destroyed, counted, compared, ordered.

mod acts;
mod count;
mod demand;
mod show;

use chrono::NaiveDate;
use clap::{Args, Subcommand};

use super::consent::ConsentArgs;
use super::io::Io;
use super::typed::{OneOfWords, TextOrJson, day, filled};
use crate::domain::ledger::stock::BlankKind;
use crate::failure::Failure;
use crate::office::{BlankAct, Office};
use crate::words::Locale;

/// The verb; how the blanks stand when none is given.
#[derive(Debug, Args)]
pub struct StockArgs {
    #[command(subcommand)]
    verb: Option<StockVerb>,
}

#[derive(Debug, Subcommand)]
enum StockVerb {
    Receive(acts::StockReceiveArgs),
    Draw(acts::StockDrawArgs),
    HandOver(acts::StockHandOverArgs),
    Return(acts::StockReturnArgs),
    Use(acts::StockUseArgs),
    Spoil(acts::StockSpoilArgs),
    Destroy(acts::StockDestroyArgs),
    Count(count::StockCountArgs),
    Close(count::StockCloseArgs),
    TakeBack(acts::StockTakeBackArgs),
    Compare(count::StockCompareArgs),
    Demand(demand::StockDemandArgs),
    List(show::StockListArgs),
    Show(show::StockShowArgs),
}

/// Which kind of blanks.
#[derive(Debug, Args)]
pub struct KindArgs {
    #[arg(long, value_name = "KIND", help = "stock-kind", default_value = "ordinary", value_parser = kinds())]
    kind: BlankKind,
}

/// What every act says.
#[derive(Debug, Args)]
pub struct ActArgs {
    #[command(flatten)]
    kind: KindArgs,
    #[arg(long, value_name = "DATE", help = "stock-on", value_parser = day)]
    on: Option<NaiveDate>,
    #[arg(long, value_name = "TEXT", help = "stock-reason", value_parser = filled("blank-reason"))]
    reason: Option<String>,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
    #[command(flatten)]
    consent: ConsentArgs,
}

impl ActArgs {
    fn act(&self, office: &Office) -> Result<BlankAct<'_>, Failure> {
        let on = office.or_today(self.on)?;
        Ok(BlankAct { kind: self.kind.kind, on, reason: self.reason.as_deref().unwrap_or_default() })
    }
}

/// Reads a kind by its name or its words.
pub fn kinds() -> OneOfWords<BlankKind> {
    OneOfWords { all: &BlankKind::ALL, key: BlankKind::key, words: Locale::blank_kind }
}

pub fn run(args: StockArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    match args.verb.unwrap_or_else(|| StockVerb::Show(show::StockShowArgs::default())) {
        StockVerb::Receive(args) => acts::receive(&args, io, office),
        StockVerb::Draw(args) => acts::draw(&args, io, office),
        StockVerb::HandOver(args) => acts::hand_over(&args, io, office),
        StockVerb::Return(args) => acts::give_back(&args, io, office),
        StockVerb::Use(args) => acts::print(&args, io, office),
        StockVerb::Spoil(args) => acts::spoil(&args, io, office),
        StockVerb::Destroy(args) => acts::destroy(&args, io, office),
        StockVerb::Count(args) => count::count(&args, io, office),
        StockVerb::Close(args) => count::close(&args, io, office),
        StockVerb::TakeBack(args) => acts::take_back(&args, io, office),
        StockVerb::Compare(args) => count::compare(&args, io, office),
        StockVerb::Demand(args) => demand::run(&args, io, office),
        StockVerb::List(args) => show::list(&args, io, office),
        StockVerb::Show(args) => show::show(&args, io, office),
    }
}
