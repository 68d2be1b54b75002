//! The report: one Markdown file and its plots.

mod tables;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::Result;

use super::goals::judge;
use super::plan::{Product, Row};
use super::plot::{Chart, Series, svg};
use super::results::{Cost, Results};
use super::stats::{median, percentile};

/// How it was measured, for every report.
const METHOD: &str = "\
Every product shows the same 1920x1080 X display (Xvfb) in a headful Chromium, pixel by pixel, on a second \
Xvfb. `rh-probe` presses keys on that second display by XTEST and looks at its pixels about every half \
millisecond; the time is from just before the press until two opposite corners of the block have changed, by \
one clock, with nothing inside the page. Neither display waits for a monitor, which would add the same to \
every product. The sharer's side (the agent, or a VNC server and websockify) is in a network namespace of \
its own, and bytes are those of the cable's device, headers included. Slow networks are a cable of two TUN \
devices: rate, delay and loss in each direction, half of the round trip each way, with a queue of 300 ms; \
keys are pressed ten seconds after the content was drawn. Memory is each page that is resident, divided \
among the processes that share it. CPU is from `/proc`, of all processes of a side. Pictures shown are \
counted by a counter within the content, read from the second display, the lesser of two corners. At rest, \
all pixels of both displays are compared after the content was stopped. noVNC runs at quality 6 and \
compression 2, X0tigervnc with `-FrameRate 60 -PollingCycle 16`, x11vnc with `-wait 16 -defer 5`, Selkies by \
WebRTC with x264 at 60 pictures a second; its page stretches the picture, so its second display is as large \
as the first, and the others' somewhat larger. A glyph is 12x20 pixels, a block 400x300, the film beside \
them 960x540 at 30 pictures a second; a busy machine runs one endless loop for each core. Products take \
turns; each round starts them anew, in the opposite order. A missed press counts as later than every other. \
On a virtual machine an endless loop of the scheduler's idle class runs on each core all the time, which gives \
way to everything else and is in every load average: cores that sleep may take milliseconds to wake up, which \
would be added to each product by how often it waits, and not by what it does.
";

/// Writes `performance.md` and the plots into `folder`.
pub(super) fn write(results: &Results, folder: &Path) -> Result<()> {
    let plots = folder.join("performance");
    fs::create_dir_all(&plots)?;
    for (name, picture) in charts(results) {
        fs::write(plots.join(name), picture)?;
    }
    fs::write(folder.join("performance.md"), markdown(results))?;
    Ok(())
}

/// The whole report.
fn markdown(results: &Results) -> String {
    let mut text = "# Performance\n\nWritten by `cargo xtask bench media`.\n\n".to_owned();
    machine(&mut text, results);
    let _ = writeln!(text, "\n## Goals\n\n| goal | measured | |\n|---|---|---|");
    for verdict in judge(results) {
        let met = match verdict.met {
            Some(true) => "met",
            Some(false) => "**not met**",
            None => "not measured",
        };
        let _ = writeln!(text, "| {} | {} | {met} |", verdict.goal, verdict.measured);
    }
    let _ = writeln!(text, "\n## Method\n\n{METHOD}");
    tables::latency(&mut text, results);
    tables::cost(&mut text, results);
    tables::rest(&mut text, results);
    tables::events(&mut text, results);
    let _ = writeln!(text, "## Plots\n");
    for (name, _) in charts(results) {
        let _ = writeln!(text, "![{}](performance/{name})\n", name.trim_end_matches(".svg"));
    }
    tables::failures(&mut text, results);
    text
}

fn machine(text: &mut String, results: &Results) {
    let machine = &results.machine;
    let _ = writeln!(
        text,
        "{}, commit `{}`, {} rounds. {}, {} cores, {} MB, Linux {}. Load averages at the beginning and at \
         the end: {}.\n",
        machine.date,
        machine.commit,
        results.rounds,
        machine.processor,
        machine.cores,
        machine.memory_mb,
        machine.kernel,
        machine.load.join("; "),
    );
    for (name, version) in &machine.versions {
        let _ = writeln!(text, "- {name}: {version}");
    }
}

/// The plots that the run has figures for, by file name.
fn charts(results: &Results) -> Vec<(&'static str, String)> {
    let mut charts = Vec::new();
    let cases = tables::cases(results);
    for (file, title, share) in [
        ("latency-p50.svg", "Input to photon, median", 0.5),
        ("latency-p95.svg", "Input to photon, 95th percentile", 0.95),
    ] {
        let groups: Vec<_> = cases.iter().map(|(row, case)| format!("{row}: {case}")).collect();
        let value = |product, at: usize| {
            let (row, case) = &cases[at];
            percentile(&results.photon(product, *row, case), share)
        };
        charts.push((file, chart(results, title, "ms", &groups, value)));
    }
    let rows = tables::cost_rows(results);
    let groups: Vec<_> = rows.iter().map(Row::to_string).collect();
    for (file, title, unit, of) in COSTS {
        let value = |product, at: usize| {
            median(results.costs(product, rows[at]).into_iter().filter_map(of))
        };
        charts.push((file, chart(results, title, unit, &groups, value)));
    }
    charts.retain(|(_, picture)| !picture.is_empty());
    charts
}

type Figure = fn(&Cost) -> Option<f64>;

/// What of the costs is plotted.
const COSTS: [(&str, &str, &str, Figure); 4] = [
    ("server-cpu.svg", "Server, for ten seconds", "CPU s", |it| Some(it.per_ten(it.server_cpu))),
    ("browser-cpu.svg", "Browser, for ten seconds", "CPU s", |it| Some(it.per_ten(it.browser_cpu))),
    ("bytes.svg", "Bytes, for ten seconds", "MB", |it| Some(it.per_ten(it.bytes() as f64) / 1e6)),
    ("shown.svg", "Pictures shown", "a second", Cost::shown),
];

/// A chart with a bar for each product; nothing if there are no groups.
fn chart(
    results: &Results,
    title: &str,
    unit: &str,
    groups: &[String],
    value: impl Fn(Product, usize) -> Option<f64>,
) -> String {
    if groups.is_empty() {
        return String::new();
    }
    let of = |product: Product| Series {
        name: product.to_string(),
        values: (0..groups.len()).map(|at| value(product, at)).collect(),
    };
    let series: Vec<_> = results.products().into_iter().map(of).collect();
    svg(&Chart { title, unit, groups, series: &series })
}

#[cfg(test)]
mod tests;
