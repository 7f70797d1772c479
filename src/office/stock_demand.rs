//! What a year needs of blank certificates (需求): calculated, noted, and added up over the institutions.

use chrono::{Datelike, NaiveDate};

use super::{Office, Session};
use crate::domain::due;
use crate::domain::ledger::action::BlanksDemanded;
use crate::domain::ledger::event::DatedEvent;
use crate::domain::ledger::stock::{BlankKind, Demand, DemandYear};
use crate::failure::Failure;
use crate::store::NotedDemand;
use crate::words::DemandTold;

/// What somebody asks for a year.
#[derive(Debug, Clone)]
pub struct DemandOrder {
    pub kind: BlankKind,
    pub year: i32,
    /// The institution as it was typed.
    pub institution: Option<String>,
    /// The passes that are expected, from the lowest level to the highest.
    pub estimates: [u32; 5],
    /// In per cent; that of the settings when not given.
    pub allowance: Option<u32>,
    /// The day whose stock counts; the end of the year before, or today where that is still to come, when not given.
    pub as_of: Option<NaiveDate>,
}

/// What a year needs, calculated.
#[derive(Debug, Clone)]
pub struct CalculatedDemand {
    pub order: DemandOrder,
    /// The institution's prefix; empty where there is none or several.
    pub institution: String,
    pub as_of: NaiveDate,
    pub demand: Demand,
}

/// What the institutions need together: the stock is one for all, and counts once.
#[derive(Debug, Clone)]
pub struct DemandPage {
    /// What each has noted, and whether it is retired by now and counts no more.
    pub noted: Vec<(NotedDemand, bool)>,
    /// What they expect together, level by level.
    pub estimates: [u32; 5],
    pub passes: u64,
    /// What they expect to be spoiled.
    pub spoiled: u64,
    /// The stock of the latest day on which it was looked at, and that day.
    pub stock: u64,
    pub stock_on: Option<NaiveDate>,
    pub order: u64,
}

impl CalculatedDemand {
    /// Gives what of it is told in words.
    pub fn told(&self) -> DemandTold<'_> {
        let CalculatedDemand { order, institution, as_of, demand } = self;
        DemandTold { year: order.year, kind: order.kind, institution, as_of: *as_of, demand }
    }
}

/// Gives the demand that was noted.
pub fn demand_of(noted: &NotedDemand) -> Demand {
    let told = &noted.told;
    Demand { estimates: told.estimates, stock: told.stock, allowance: told.allowance }
}

impl Office {
    /// Calculates what a year needs (GD-03).
    pub fn demand(&self, order: DemandOrder) -> Result<CalculatedDemand, Failure> {
        let today = self.today()?;
        let year_end = NaiveDate::from_ymd_opt(order.year - 1, 12, 31).unwrap_or(today);
        let as_of = order.as_of.unwrap_or(year_end.min(today));
        let institution = self.institution_or_only(order.institution.as_deref())?;
        let stock = match self.ledger()? {
            Some(ledger) => ledger.with(|reader| reader.stock_on(order.kind, as_of))?,
            None => 0,
        };
        let allowance = order.allowance.unwrap_or(self.settings().blank_allowance.into());
        let demand = Demand { estimates: order.estimates, stock, allowance };
        Ok(CalculatedDemand { order, institution, as_of, demand })
    }

    /// Lists what each institution needs of a kind in a year, and adds it up (GD-67).
    pub fn demands(&self, year: i32, kind: BlankKind) -> Result<DemandPage, Failure> {
        let found =
            self.ledger()?.map_or_else(|| Ok(Vec::new()), |ledger| ledger.with(|reader| reader.demands(year)))?;
        let registry = self.registry()?;
        let is_retired = |prefix: &str| registry.get(prefix).is_some_and(|one| one.retired.is_some());
        let noted: Vec<(NotedDemand, bool)> = found
            .into_iter()
            .filter(|one| one.told.kind == kind)
            .map(|one| {
                let retired = is_retired(&one.told.institution);
                (one, retired)
            })
            .collect();
        let counted: Vec<&NotedDemand> = noted.iter().filter(|(_, retired)| !retired).map(|(one, _)| one).collect();
        let latest = counted.iter().max_by_key(|one| (one.told.stock_on, one.entry));
        let (stock, stock_on) = latest.map_or((0, None), |one| (one.told.stock, Some(one.told.stock_on)));
        let mut estimates = [0; 5];
        for one in &counted {
            one.told.estimates.iter().zip(&mut estimates).for_each(|(count, sum)| *sum += count);
        }
        let passes: u64 = counted.iter().map(|one| demand_of(one).passes()).sum();
        let spoiled: u64 = counted.iter().map(|one| demand_of(one).spoiled()).sum();
        let order = (passes + spoiled).saturating_sub(stock);
        Ok(DemandPage { noted, estimates, passes, spoiled, stock, stock_on, order })
    }
}

impl Session {
    /// Notes what a year needs, and the day it was ordered, where it was.
    pub fn note_demand(
        &self,
        calculated: &CalculatedDemand,
        ordered: Option<NaiveDate>,
        reason: &str,
    ) -> Result<u64, Failure> {
        let CalculatedDemand { order, institution, as_of, demand } = calculated;
        let registry = self.office.registry()?;
        // One that belongs to nobody would be added to what the others need.
        if institution.is_empty() && (ordered.is_some() || registry.institutions().any(|one| one.retired.is_none())) {
            let locale = self.office.locale();
            let failure = self.office.usage("stock.which-institution", &[]);
            let (hint, here) = (locale.text("stock.which-hint").into(), locale.text("stock.which-here").into());
            return Err(Failure { hint, here, ..failure });
        }
        if let Some(day) = ordered {
            self.must_have_been(day)?;
            if !self.meant_years(institution, day)?.contains(&order.year) {
                let places = [("day", &*day.to_string()), ("year", &*order.year.to_string())];
                return Err(self.office.usage("stock.other-year", &places));
            }
        }
        let demanded = BlanksDemanded {
            kind: order.kind,
            institution: institution.clone(),
            estimates: demand.estimates,
            stock: demand.stock,
            stock_on: *as_of,
            allowance: demand.allowance,
            order: demand.order(),
        };
        self.with(|store| store.demand_blanks(DemandYear(order.year), &demanded, ordered, reason))
    }

    /// Gives the years whose day an order meets by the notice of the institution; without one the year of the order and the next.
    fn meant_years(&self, institution: &str, day: NaiveDate) -> Result<Vec<i32>, Failure> {
        let registry = self.office.registry()?;
        let profile = registry.get(institution).map(|one| self.office.profile(&one.profile)).transpose()?;
        let calendar = self.office.calendar();
        let deadlines = profile.iter().flat_map(|profile| &profile.deadlines);
        let ordered = deadlines.filter(|deadline| deadline.until == DatedEvent::Ordered.key());
        let years: Vec<i32> = ordered.filter_map(|deadline| due::meant_year(deadline, day, &calendar)).collect();
        Ok(if years.is_empty() { vec![day.year(), day.year() + 1] } else { years })
    }
}
