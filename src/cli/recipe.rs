//! `skillcert recipe list | show | save | apply | delete`: what was made uniform for an organiser, kept and done again.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::changing::{Changing, ChangingArgs};
use super::consent::ask;
use super::io::Io;
use super::json::{self, document};
use super::reading::{ReadingArgs, RosterArgs};
use super::typed::TextOrJson;
use super::usage::usage;
use crate::domain::batch::Batch;
use crate::domain::recipe::{Recipe, RecipePlan, RecipeStep};
use crate::domain::rules::Severity;
use crate::domain::text;
use crate::failure::Failure;
use crate::office::{KeptRecipe, KeptRows, Office, Purpose, RosterRefused};
use crate::words::Locale;

/// The verb; the list when none is given.
#[derive(Debug, Args)]
pub struct RecipeArgs {
    #[command(subcommand)]
    verb: Option<RecipeVerb>,
}

#[derive(Debug, Subcommand)]
enum RecipeVerb {
    List {
        #[arg(long, value_enum, default_value_t)]
        format: TextOrJson,
    },
    Show {
        #[arg(value_name = "RECIPE", help = "recipe-name")]
        name: String,
        #[arg(long, value_enum, default_value_t)]
        format: TextOrJson,
    },
    Save(RecipeSaveArgs),
    Apply(RecipeApplyArgs),
    Delete {
        #[arg(value_name = "RECIPE", help = "recipe-name")]
        name: String,
        #[arg(long, help = "recipe-yes")]
        yes: bool,
    },
}

#[derive(Debug, Args)]
struct RecipeSaveArgs {
    #[arg(value_name = "NAME", help = "recipe-name")]
    name: String,
    #[command(flatten)]
    roster: RosterArgs,
    #[arg(long, help = "recipe-force")]
    force: bool,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
}

#[derive(Debug, Args)]
#[command(mut_arg("output", |arg| arg.help("fix-output")), mut_arg("sheet", |arg| arg.help("changing-sheet")))]
struct RecipeApplyArgs {
    #[arg(value_name = "RECIPE", help = "recipe-name")]
    name: String,
    #[arg(value_name = "FILE", help = "recipe-file", required_unless_present = "batch", conflicts_with = "batch")]
    file: Option<PathBuf>,
    #[command(flatten)]
    reading: ReadingArgs,
    #[command(flatten)]
    into: ChangingArgs,
}

pub fn run(args: RecipeArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    match args.verb.unwrap_or(RecipeVerb::List { format: TextOrJson::Text }) {
        RecipeVerb::List { format } => list(format, io, office),
        RecipeVerb::Show { name, format } => show(&name, format, io, office),
        RecipeVerb::Save(args) => save(&args, io, office),
        RecipeVerb::Apply(args) => apply(&args, io, office),
        RecipeVerb::Delete { name, yes } => delete(&name, yes, io, office),
    }
}

/// Lists the recipes. Exit code 1 when the file of one is none.
fn list(format: TextOrJson, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let (locale, all) = (office.locale(), office.recipes()?);
    let is_bad = all.iter().any(|kept| kept.recipe.is_err());
    if format == TextOrJson::Json {
        let told = |kept: &KeptRecipe| match &kept.recipe {
            Ok(recipe) => json!({ "name": kept.name, "file": kept.file, "columns": recipe.columns.len(),
                                  "steps": recipe.step_count(), "message": null }),
            Err(why) => json!({ "name": kept.name, "file": kept.file, "columns": null, "steps": null, "message": why }),
        };
        let recipes: Vec<Value> = all.iter().map(told).collect();
        io.json(locale, &document(json::RECIPES, json!({ "recipes": recipes })))?;
        return Ok(u8::from(is_bad));
    }
    let told = |kept: &KeptRecipe| match &kept.recipe {
        Ok(recipe) => {
            let (steps, columns) = (recipe.step_count().to_string(), recipe.columns.len().to_string());
            let places = [("name", &*kept.name), ("steps", &steps), ("columns", &columns)];
            locale.fill("recipe.entry", &places)
        }
        Err(why) => locale.fill("recipe.entry-bad", &[("name", &kept.name), ("why", why)]),
    };
    let lines: Vec<String> = all.iter().map(told).collect();
    io.print(locale, &if lines.is_empty() { locale.text("recipe.none").to_string() } else { lines.join("\n") })?;
    Ok(u8::from(is_bad))
}

fn read(name: &str, office: &Office) -> Result<(KeptRecipe, Recipe), Failure> {
    let mut kept = office.recipe(name)?;
    match std::mem::replace(&mut kept.recipe, Ok(Recipe::default())) {
        Ok(recipe) => Ok((kept, recipe)),
        Err(why) => {
            let file = kept.file.to_string_lossy();
            Err(usage(office.locale(), "recipe.bad", &[("file", &file), ("why", &why)]))
        }
    }
}

fn show(name: &str, format: TextOrJson, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let (locale, (kept, recipe)) = (office.locale(), read(name, office)?);
    if format == TextOrJson::Json {
        io.json(locale, &to_json(&kept.name, &kept.file, &recipe))?;
    } else {
        let columns = recipe.columns.iter().map(|column| {
            let places = [("label", &*text::visible(&column.label)), ("column", &locale.field_name(column.field))];
            locale.fill("recipe.column", &places)
        });
        let lines: Vec<String> = columns
            .chain(recipe.steps.iter().map(|step| locale.recipe_step(step)))
            .chain(recipe.splits.iter().map(|split| locale.recipe_split(split)))
            .collect();
        io.print(locale, &format!("{}\n{}", kept.file.to_string_lossy(), lines.join("\n")))?;
    }
    Ok(0)
}

fn to_json(name: &str, file: &Path, recipe: &Recipe) -> Value {
    let step = |step: &RecipeStep| json!({ "field": step.field.key(), "from": step.from, "to": step.to });
    let columns = recipe.columns.iter().map(|c| json!({ "label": c.label, "field": c.field.key() }));
    let splits = recipe.splits.iter().map(|s| json!({ "field": s.field.key(), "into": s.into.key(), "by": s.by }));
    let body = json!({ "name": name, "file": file, "columns": columns.collect::<Vec<_>>(),
                       "steps": recipe.steps.iter().map(step).collect::<Vec<_>>(),
                       "splits": splits.collect::<Vec<_>>() });
    document(json::RECIPE, body)
}

/// Learns from what was done in a batch. Exit code 1 when there is nothing to learn.
fn save(args: &RecipeSaveArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    office.must_be_new_recipe(&args.name, args.force)?;
    if args.roster.several(io, office)?.is_some() {
        return Err(usage(locale, "recipe.one-roster", &[]));
    }
    let roster = args.roster.find(false, io, office)?.or_batch_of_it(io, office)?;
    let loaded = roster.load((KeptRows::All, Purpose::Look), io, office).map_err(RosterRefused::failure)?;
    let learned = Recipe::learned(loaded.batch.roster(), loaded.batch.context().sheet());
    let left_out = learned.left_out.to_string();
    if learned.left_out != 0 {
        io.note(&locale.fill("recipe.left-out", &[("n", &left_out)]));
    }
    let recipe = learned.recipe;
    if recipe.is_empty() {
        io.print(locale, locale.text("recipe.nothing-learned"))?;
        return Ok(1);
    }
    let file = office.keep_recipe(&args.name, &recipe, args.force)?;
    if args.format == TextOrJson::Json {
        io.json(locale, &to_json(&args.name, &file, &recipe))?;
        return Ok(0);
    }
    let places = [
        ("name", &*args.name),
        ("steps", &recipe.step_count().to_string()),
        ("columns", &recipe.columns.len().to_string()),
        ("file", &file.to_string_lossy()),
    ];
    io.print(locale, &locale.fill("recipe.saved", &places))?;
    Ok(0)
}

/// Does a recipe with a file, of which the corrected copy is written, or with a batch. Exit code 1 when errors remain.
fn apply(args: &RecipeApplyArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let (kept, recipe) = read(&args.name, office)?;
    let file = args.file.as_deref().unwrap_or(Path::new(""));
    let assigned = &recipe.columns;
    let changing = Changing { verb: "recipe", file, reading: &args.reading, assigned, to: &args.into, is_quiet: false };
    changing.check(office)?;
    let is_tried = args.into.is_only_tried();
    let plan = |batch: &Batch| Ok(office.recipe_change(&kept.name, &recipe, batch));
    changing.run_to_code(io, office, plan, |w, batch, plan| tell(w, (&recipe, plan), batch, is_tried, office.locale()))
}

fn tell(
    w: &mut impl Write,
    (recipe, plan): (&Recipe, &RecipePlan),
    batch: &Batch,
    is_only_tried: bool,
    locale: &Locale,
) -> io::Result<()> {
    let errors = batch.findings().count(Severity::Error).to_string();
    let places = [("cells", &*plan.cells.len().to_string()), ("errors", &errors)];
    writeln!(w, "{}", locale.fill(if is_only_tried { "recipe.would-apply" } else { "recipe.applied" }, &places))?;
    let (matched, idle): (Vec<_>, Vec<_>) = locale.recipe_kinds(recipe, plan).into_iter().partition(|(_, n)| 0 < *n);
    for (step, n) in matched {
        writeln!(w, "  {n:>7}  {step}")?;
    }
    if !idle.is_empty() {
        writeln!(w, "{}", locale.fill("recipe.idle", &[("n", &idle.len().to_string())]))?;
    }
    for (step, _) in idle {
        writeln!(w, "           {step}")?;
    }
    locale.recipe_left(plan, batch).iter().try_for_each(|line| writeln!(w, "{line}"))
}

fn delete(name: &str, yes: bool, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    office.recipe(name)?;
    if !yes {
        ask(&locale.fill("recipe.delete", &[("name", name)]), "recipe.say-yes", io, locale)?;
    }
    office.delete_recipe(name)?;
    io.print(locale, &locale.fill("recipe.deleted", &[("name", name)]))?;
    Ok(0)
}
