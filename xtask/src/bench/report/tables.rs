//! The tables of the report.

use std::fmt::Write as _;

use crate::bench::goals::RESTS;
use crate::bench::plan::{Product, Row, all};
use crate::bench::plot::number;
use crate::bench::results::{Cost, Measure, Results};
use crate::bench::stats::{median, missed, most, percentile};

/// Rows and cases that were timed, in the order of the report.
pub(super) fn cases(results: &Results) -> Vec<(Row, String)> {
    let mut cases: Vec<_> = results
        .samples
        .iter()
        .filter_map(|sample| match &sample.measure {
            Measure::Photon { case, .. } => Some((sample.row, case.clone())),
            Measure::First { .. } | Measure::Cost(_) | Measure::Recovery { .. } => None,
        })
        .collect();
    cases.sort();
    cases.dedup();
    cases
}

/// Rows whose cost was measured.
pub(super) fn cost_rows(results: &Results) -> Vec<Row> {
    let measured = |row: &Row| {
        results.products().into_iter().any(|product| !results.costs(product, *row).is_empty())
    };
    all::<Row>().into_iter().filter(measured).collect()
}

/// Input to photon.
pub(super) fn latency(text: &mut String, results: &Results) {
    let cases = cases(results);
    if cases.is_empty() {
        return;
    }
    let _ = writeln!(text, "## Input to photon, ms\n");
    let _ = writeln!(text, "| row | case | product | n | p50 | p90 | p95 | p99 | missed |");
    let _ = writeln!(text, "|---|---|---|---|---|---|---|---|---|");
    for (row, case) in cases {
        for product in results.products() {
            let times = results.photon(product, row, &case);
            if times.is_empty() {
                continue;
            }
            let [p50, p90, p95, p99] = [0.5, 0.9, 0.95, 0.99]
                .map(|share| percentile(&times, share).map_or("missed".to_owned(), number));
            let (n, missed) = (times.len(), missed(&times));
            let _ = writeln!(
                text,
                "| {row} | {case} | {product} | {n} | {p50} | {p90} | {p95} | {p99} | {missed} |"
            );
        }
    }
    text.push('\n');
}

/// CPU, bytes, memory and pictures shown.
pub(super) fn cost(text: &mut String, results: &Results) {
    let rows = cost_rows(results);
    if rows.is_empty() {
        return;
    }
    let _ = writeln!(text, "## Cost of ten seconds, medians of n rounds\n");
    let _ = writeln!(
        text,
        "| row | product | n | server CPU s | browser CPU s | sharer's X CPU s | kB down | kB up | \
         shown/s | drawn/s | capturing MB | server MB | browser MB |"
    );
    let _ = writeln!(text, "|---|---|---|---|---|---|---|---|---|---|---|---|---|");
    for row in rows {
        for product in results.products() {
            line(text, row, product, &results.costs(product, row));
        }
    }
    text.push('\n');
}

fn line(text: &mut String, row: Row, product: Product, costs: &[&Cost]) {
    if costs.is_empty() {
        return;
    }
    let shown = |of: fn(&Cost) -> Option<f64>| {
        median(costs.iter().filter_map(|cost| of(cost))).map_or("-".to_owned(), number)
    };
    let figures = [
        shown(|it| Some(it.per_ten(it.server_cpu))),
        shown(|it| Some(it.per_ten(it.browser_cpu))),
        shown(|it| Some(it.per_ten(it.source_cpu))),
        shown(|it| Some(it.per_ten(it.bytes_down as f64) / 1000.0)),
        shown(|it| Some(it.per_ten(it.bytes_up as f64) / 1000.0)),
        shown(Cost::shown),
        shown(|it| it.frames.map(|frames| f64::from(frames.drawn) / frames.seconds)),
        shown(|it| Some(it.agent_memory as f64 / 1e6)),
        shown(|it| Some(it.server_memory as f64 / 1e6)),
        shown(|it| Some(it.browser_memory as f64 / 1e6)),
    ];
    let _ = writeln!(text, "| {row} | {product} | {} | {} |", costs.len(), figures.join(" | "));
}

/// How what is shown came to equal the source; the worst of all rounds.
pub(super) fn rest(text: &mut String, results: &Results) {
    let mut lines = String::new();
    for row in RESTS {
        for product in results.products() {
            let rests: Vec<_> =
                results.costs(product, row).iter().filter_map(|cost| cost.rest).collect();
            let times = rests.iter().map(|rest| rest.equal_after_ms.unwrap_or(f64::INFINITY));
            let Some(slowest) = most(times) else { continue };
            let equal = if slowest.is_finite() { number(slowest) } else { "never".to_owned() };
            let pixels = |of: fn(&super::super::results::Rest) -> u64| {
                rests.iter().map(of).max().unwrap_or_default()
            };
            let _ = writeln!(
                lines,
                "| {row} | {product} | {} | {equal} | {} | {} | {} |",
                rests.len(),
                pixels(|it| it.differing_at_500_ms),
                pixels(|it| it.differing),
                pixels(|it| it.worst.into()),
            );
        }
    }
    if !lines.is_empty() {
        let _ = writeln!(text, "## At rest, the worst of n rounds\n");
        let _ = writeln!(
            text,
            "| row | product | n | equal after ms | pixels that differ at 500 ms | at the last look | \
             by at most |\n|---|---|---|---|---|---|---|\n{lines}"
        );
    }
}

/// The first picture, and what comes back after an outage.
pub(super) fn events(text: &mut String, results: &Results) {
    let mut lines = String::new();
    for sample in &results.samples {
        let (product, round) = (sample.product, sample.round);
        let shown = |ms: Option<f64>| ms.map_or("never".to_owned(), |ms| format!("{ms:.0} ms"));
        let _ = match &sample.measure {
            Measure::First { ms } => {
                writeln!(lines, "| {round} | {product} | first picture after Allow | {ms:.0} ms |")
            }
            Measure::Recovery { picture_ms, input_ms } => writeln!(
                lines,
                "| {round} | {product} | back after an outage of 5 s | picture {}, input {} |",
                shown(*picture_ms),
                shown(*input_ms)
            ),
            Measure::Photon { .. } | Measure::Cost(_) => Ok(()),
        };
    }
    if !lines.is_empty() {
        let _ = writeln!(text, "## Beginning and outage\n");
        let _ = writeln!(text, "| round | product | | |\n|---|---|---|---|\n{lines}");
    }
}

/// What was not measured, and why.
pub(super) fn failures(text: &mut String, results: &Results) {
    if results.failures.is_empty() {
        return;
    }
    let _ = writeln!(text, "## Not measured\n\n| round | product | row | why |\n|---|---|---|---|");
    for failure in &results.failures {
        let reason = failure.reason.replace(['\n', '|'], " ");
        let _ = writeln!(
            text,
            "| {} | {} | {} | {reason} |",
            failure.round, failure.product, failure.row
        );
    }
}
