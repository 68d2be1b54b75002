//! `cargo xtask bench media`: whole sessions of several products, measured from outside the browser.
//!
//! In each round every product is opened anew on two X displays of its own, with the sharer's side
//! in a network namespace, and all rows are measured on it; then comes the next product. The figures
//! are those of `rh-probe` and `/proc`; nothing within a page measures.

mod browser;
mod desktop;
mod forward;
mod goals;
mod ground;
mod machine;
mod network;
mod plan;
mod plot;
mod probe;
mod product;
mod report;
mod results;
mod rows;
pub(crate) mod service;
mod session;
mod stats;
mod usage;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::awake::Awake;
use crate::{demo, program, setup, web};
use ground::Ground;
use plan::{Product, Row};
use results::{Failure, Results, Sample};
use rows::Effort;
use session::Session;

/// What of it, and how long.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only these rows, separated by commas.
    #[arg(long, value_delimiter = ',')]
    rows: Vec<Row>,
    /// Only these products, separated by commas.
    #[arg(long, value_delimiter = ',')]
    products: Vec<Product>,
    /// How often all of it.
    #[arg(long, default_value_t = 4)]
    rounds: u32,
    /// How often at least the row in which the cores are busy, where it takes luck to be first.
    #[arg(long, default_value_t = 4)]
    busy_rounds: u32,
    /// Seconds for which costs are measured.
    #[arg(long, default_value_t = 10.0)]
    seconds: f64,
    /// Presses of each case in each round.
    #[arg(long, default_value_t = 60)]
    presses: u32,
    /// Writes the report from an earlier run's JSON instead.
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// Writes the report into docs/ as well.
    #[arg(long)]
    publish: bool,
}

/// Builds two programs and the probe, as they are released.
const PROGRAMS: &[&str] =
    &["build", "--release", "-p", "rh-service", "-p", "rh-agent", "-p", "rh-probe"];

/// Measures, and writes `target/bench/media.json`, a report and its plots beside it.
///
/// # Errors
///
/// If what is needed is missing or does not build, or when the user stops it. A row that fails is
/// in the report with its reason, and the run goes on.
pub(crate) fn media(root: &Path, args: &Args) -> Result<()> {
    let stop = demo::stop_wanted()?;
    let target = target(root)?;
    let folder = target.join("bench");
    let results = match &args.from {
        Some(file) => serde_json::from_reader(std::fs::File::open(file)?).context("no results")?,
        None => {
            ensure!(program::is_root(), "network namespaces take root: run this as root");
            setup::for_bench()?;
            web::build(root, false)?;
            program::run(program::cargo(root).args(PROGRAMS))?;
            let ground = Ground::new(target.join("release"), folder.clone(), stop)?;
            run(root, &ground, args)?
        }
    };
    report::write(&results, &folder)?;
    if args.publish {
        let docs = root.join("docs");
        report::write(&results, &docs)?;
        save(&results, &docs.join("performance"))?;
    }
    eprintln!("\nthe report is {}", folder.join("performance.md").display());
    Ok(())
}

/// Where Cargo builds, by where this program is.
fn target(root: &Path) -> Result<PathBuf> {
    let here = std::env::current_exe()?;
    let profile = here.parent().and_then(Path::parent);
    Ok(profile.map_or_else(|| root.join("target"), Path::to_owned))
}

fn run(root: &Path, ground: &Ground, args: &Args) -> Result<Results> {
    let mut results = Results { rounds: args.rounds, ..Results::default() };
    results.machine = machine::describe(root);
    let _awake = Awake::begin();
    let (rows, mut products) = (chosen(&args.rows), chosen(&args.products));
    if products.contains(&Product::Selkies)
        && let Err(error) = product::install_selkies(&ground.folder)
    {
        products.retain(|product| *product != Product::Selkies);
        let reason = format!("{error:#}");
        results.failures.push(Failure {
            product: Product::Selkies,
            row: rows[0],
            round: 0,
            reason,
        });
    }
    let busy: Vec<Row> = rows.iter().copied().filter(|row| *row == Row::LatencyBusy).collect();
    for round in 0..args.rounds.max(args.busy_rounds) {
        let rows = if round < args.rounds { &rows } else { &busy };
        for product in plan::order(&products, round) {
            for rows in plan::sessions(rows) {
                let effort = Effort { seconds: args.seconds, presses: args.presses, round };
                one_session(ground, product, &rows, effort, &mut results)?;
                save(&results, &ground.folder)?;
            }
        }
    }
    results.machine.load.push(machine::load());
    save(&results, &ground.folder)?;
    Ok(results)
}

/// The chosen ones, or all.
fn chosen<T: plan::Named>(some: &[T]) -> Vec<T> {
    if some.is_empty() { plan::all() } else { some.to_vec() }
}

/// Measures `rows` of one product, and notes what could not be measured.
fn one_session(
    ground: &Ground,
    product: Product,
    rows: &[Row],
    effort: Effort,
    results: &mut Results,
) -> Result<()> {
    let Effort { round, .. } = effort;
    let fail = |row, error: &anyhow::Error| {
        eprintln!("round {round}  {product}  {row}: {error:#}");
        Failure { product, row, round, reason: format!("{error:#}") }
    };
    let network = rows.first().and_then(|row| row.network());
    let mut session = match Session::open(ground, product, network) {
        Ok(session) => session,
        Err(error) => {
            ground.go_on()?;
            results.failures.extend(rows.iter().map(|row| fail(*row, &error)));
            return Ok(());
        }
    };
    for &row in rows {
        let load = machine::load_now();
        let mut measures = Vec::new();
        let measured = session.measure(row, effort, &mut measures);
        let sample = |measure| Sample { product, row, round, load, measure };
        results.samples.extend(measures.into_iter().map(sample));
        match measured {
            Ok(()) => eprintln!("round {round}  {product}  {row}"),
            Err(error) => {
                ground.go_on()?;
                results.failures.push(fail(row, &error));
            }
        }
    }
    Ok(())
}

/// Writes what was measured so far, so that a run that is stopped was not for nothing.
fn save(results: &Results, folder: &Path) -> Result<()> {
    let file = std::fs::File::create(folder.join("media.json"))?;
    Ok(serde_json::to_writer_pretty(file, results)?)
}
