//! `cargo xtask counts`: how many instructions the hot loops take, held by a table.
//!
//! Times differ from run to run and from machine to machine; instructions hardly do, so a loop that
//! became slower is seen in one run on a busy machine. Valgrind's Callgrind counts them, in
//! `benches/counts`, built by the dev profile as the tests are. What is absent: caches, branches,
//! and any time.

mod callgrind;
mod table;

use std::collections::BTreeMap;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::{env, fs, thread};

use anyhow::{Context, Result, bail, ensure};

use crate::program;

/// Instructions by the name of the loop.
type Counts = BTreeMap<String, u64>;

/// Builds the program by the same selection as that of the tests; see [`crate::test`].
const BUILD: &[&str] = &["build", "--workspace", "--example", "counts"];

/// What tells more of a loop.
const SEE_WHY: &str = "where a loop spends them: `valgrind --tool=callgrind \
                       --toggle-collect=counts::counted target/debug/examples/counts NAME`, \
                       then `callgrind_annotate`";

/// Where what is right is written.
const TABLE: &str = "benches/counts.toml";

/// Counts, and compares with the table, or with `accept` writes it.
///
/// # Errors
///
/// If this machine cannot count, or a loop takes notably more or fewer instructions than the table
/// says.
pub(crate) fn run(root: &Path, accept: bool) -> Result<()> {
    callgrind::possible()?;
    // Whether Cargo builds so decides where crates are cut, and with it what is inlined.
    program::run(program::cargo(root).args(BUILD).env("CARGO_INCREMENTAL", "1"))?;
    let program = program_path()?;
    let counts = all(&program)?;
    let file = root.join(TABLE);
    if accept {
        return fs::write(&file, table::write(&counts)?).context("cannot write the table");
    }
    let table = fs::read_to_string(&file).with_context(|| format!("cannot read {TABLE}"))?;
    let table = table::read(&table).with_context(|| format!("{TABLE} is no table"))?;
    eprint!("{}", table::shown(&counts, &table));
    let complaints = table::compare(&counts, &table);
    ensure!(complaints.is_empty(), "{}\n{SEE_WHY}", complaints.join("\n"));
    Ok(())
}

/// Cargo puts examples beside this program.
fn program_path() -> Result<PathBuf> {
    let here = env::current_exe()?;
    Ok(here.parent().context("a program is in a folder")?.join("examples/counts"))
}

/// Counts every loop of `program`, as many at a time as there are processors.
fn all(program: &Path) -> Result<Counts> {
    let listed = Command::new(program).output().context("cannot start the program")?;
    let listed = String::from_utf8(listed.stdout)?;
    let names = Mutex::new(listed.lines());
    let next = || names.lock().ok()?.next();
    let some = || -> Result<Counts> {
        let counted = |name: &str| Ok((name.to_owned(), callgrind::count(program, name)?));
        std::iter::from_fn(next).map(counted).collect()
    };
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    let counts: Result<Vec<_>> = thread::scope(|scope| {
        let workers: Vec<_> = (0..processors).map(|_| scope.spawn(some)).collect();
        let done = |worker: thread::ScopedJoinHandle<'_, _>| match worker.join() {
            Ok(counts) => counts,
            Err(_) => bail!("a worker ended early"),
        };
        workers.into_iter().map(done).collect()
    });
    Ok(counts?.into_iter().flatten().collect())
}
