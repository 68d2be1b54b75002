//! `cargo xtask demo --smoke`: a whole session without anyone at the keyboard.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::{program, setup};

/// The figures that the script must give, each a number above zero.
const FIGURES: &[&str] = &[
    "first_picture_ms",
    "pictures",
    "round_trips",
    "round_trip_p50_ms",
    "round_trip_p95_ms",
    "leave_notice_ms",
];

/// Builds by `cargo`, runs the script `smoke` of the pages, and prints its line of figures.
///
/// The script starts a display, the service, the agent and Chromium, and goes through the whole
/// flow in both modes.
///
/// # Errors
///
/// If anything fails, or a figure is missing.
pub(crate) fn run(root: &Path, cargo: &[&str]) -> Result<()> {
    setup::run()?;
    let programs = super::build(root, cargo)?;
    let npm = program::find(&["npm"]).context("npm is missing")?;
    let mut command = Command::new(npm);
    command.args(["run", "--silent", "smoke"]).current_dir(root.join("web"));
    // Colours would stand between the beginning of the line and its figures.
    command.env("RH_BIN_DIR", programs).env("NO_COLOR", "1").env_remove("FORCE_COLOR");
    let output = command.stderr(Stdio::inherit()).output().context("cannot start npm")?;
    let text = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        bail!("the session did not go as it should: {}\n{text}", output.status);
    }
    report(&figures(&text)?);
    Ok(())
}

/// The line of figures within what the script printed.
fn figures(text: &str) -> Result<Value> {
    let objects = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut objects = objects.filter(Value::is_object);
    let figures = objects.next().context("the script printed no line of figures")?;
    ensure!(objects.next().is_none(), "the script printed more than one line of figures");
    for name in FIGURES {
        let value = figures[name].as_f64();
        ensure!(value.is_some_and(|it| it > 0.0), "the figure {name} is missing in {figures}");
    }
    Ok(figures)
}

#[expect(clippy::print_stdout, reason = "the line is what the command is for")]
fn report(figures: &Value) {
    println!("{figures}");
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"first_picture_ms":146,"pictures":80,"round_trips":20,
        "round_trip_p50_ms":9.1,"round_trip_p95_ms":31.6,"leave_notice_ms":12}"#;

    #[test]
    fn the_line_is_found_among_others() {
        let line = GOOD.replace('\n', "");
        assert_eq!(figures(&format!("starting\n{line}\n")).unwrap()["pictures"], 80);
        assert!(figures(&format!("{line}\n{line}")).is_err(), "two lines");
    }

    #[test]
    fn a_session_without_a_figure_did_not_happen() {
        assert!(figures("all is well").is_err());
        for name in FIGURES {
            let line = GOOD.replace('\n', "");
            assert!(figures(&line.replace(name, "other")).is_err(), "{name}");
        }
        assert!(figures(&GOOD.replace('\n', "").replace(":80", ":0")).is_err());
    }
}
