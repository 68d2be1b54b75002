//! The report: one Markdown file.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;
use serde_json::Value;

use super::results::{Results, Throughput};

/// Its name.
pub(super) const FILE: &str = "service-performance.md";

/// How it was measured, for every report.
const METHOD: &str = "\
All on one machine, over loopback: services, Redis and the crowd share its cores, so several nodes show what \
it costs to be several, not what more machines bring. One node runs alone, without Redis; several have \
Redis between them, and the helper of each pair is at one node and the sharer at the next, so every code and \
every message goes across. Agents connect with a WebSocket, say hello and answer pings (two every three \
seconds), as ours do when idle; all of a node share one sign-in. Memory is resident memory of the services from `/proc`, \
without Redis; bytes for each connection are what it grew by since nobody was connected. Redeeming is timed \
from the sharer's `join` until both sides have heard `joined`; messages are ICE candidates, timed from the \
helper's socket to the sharer's by one clock.";

/// How MeshCentral was measured.
const PEER: &str = "\
MeshCentral 1.1.55 comes from npm and has its defaults, so its database is in its own memory; it is at its \
second start, when what it makes once is made, and is asked for nothing but to keep its agents. Both products \
speak plain HTTP over loopback here, MeshCentral as behind a proxy that ends TLS (`tlsOffload`). Its agents \
are of our own making and speak its agents' protocol: each proves an RSA key of its own (of one modulus, each \
with an exponent of its own, since thousands of others take too long to make), says which device group it is \
of, answers what it is asked for, and sends a WebSocket ping every two minutes, as MeshCentral's do. They offer \
no compression, run no JavaScript and send no inventory. A row stands only if `meshctrl listdevices` shows as \
many agents connected. Memory and processor are those of all its Node.js processes; a hundred agents have come \
and gone before the first row, since it starts some of those with its first agents. How long agents take to \
connect includes signing at both ends, as theirs does.";

const GIB: f64 = 1024.0 * 1024.0 * 1024.0;

/// Writes the report into `folder`.
pub(super) fn write(results: &Results, folder: &Path) -> Result<()> {
    Ok(std::fs::write(folder.join(FILE), markdown(results)?)?)
}

fn markdown(results: &Results) -> Result<String> {
    let mut text =
        "# Performance of the service\n\nWritten by `cargo xtask bench service`.\n\n".to_owned();
    let machine = &results.machine;
    writeln!(
        text,
        "{}, commit `{}`, profile `{}`. {}, {} cores, {} MB, Linux {}; a process may open {} files. Load \
         averages at the beginning and at the end: {}.\n\n## Method\n\n{METHOD}\n\n{PEER}\n",
        machine.date,
        machine.commit,
        results.profile,
        machine.processor,
        machine.cores,
        machine.memory_mb,
        machine.kernel,
        results.files,
        machine.load.join("; ")
    )?;
    growth(&mut text, results)?;
    codes(&mut text, results)?;
    signals(&mut text, results)?;
    if !results.failures.is_empty() {
        writeln!(text, "\n## Not measured\n\n| nodes | what | why |\n|---|---|---|")?;
    }
    for failure in &results.failures {
        writeln!(text, "| {} | {} | {} |", failure.nodes, failure.what, failure.reason)?;
    }
    Ok(text)
}

fn growth(text: &mut String, results: &Results) -> Result<()> {
    writeln!(
        text,
        "## Idle agents\n\n\
         | product | nodes | connected | MB in all | kB each | agents for each GiB | cores | connected in, s |\n\
         |---|---|---|---|---|---|---|---|"
    )?;
    for growth in &results.growth {
        let (product, nodes, connected) = (&growth.product, growth.nodes, growth.connected);
        let (mb, cpu) = (growth.memory as f64 / 1e6, growth.cpu);
        if connected == 0 {
            writeln!(text, "| {product} | {nodes} | 0 | {mb:.1} | | | {cpu:.3} | |")?;
            continue;
        }
        let (each, seconds) = (growth.each(), growth.seconds);
        let (kb, per_gib) = (each / 1e3, GIB / each);
        writeln!(
            text,
            "| {product} | {nodes} | {connected} | {mb:.1} | {kb:.1} | {per_gib:.0} | {cpu:.3} | {seconds:.1} |"
        )?;
    }
    Ok(())
}

fn codes(text: &mut String, results: &Results) -> Result<()> {
    writeln!(
        text,
        "\n## Codes made and redeemed\n\n\
         | nodes | each second | made: p50, p99 ms | redeemed: p50, p99 ms | cores |\n|---|---|---|---|---|"
    )?;
    for measured in of(results, "codes") {
        let (figures, cpu) = (&measured.figures, measured.cpu);
        let each_second = figures["each_second"].as_f64().unwrap_or_default();
        let (made, redeemed) = (times(&figures["make"]), times(&figures["redeem"]));
        let nodes = measured.nodes;
        writeln!(text, "| {nodes} | {each_second:.0} | {made} | {redeemed} | {cpu:.2} |")?;
    }
    Ok(())
}

fn signals(text: &mut String, results: &Results) -> Result<()> {
    writeln!(
        text,
        "\n## Messages from side to side\n\n\
         | nodes | sent each second | p50, p99 ms | cores |\n|---|---|---|---|"
    )?;
    for measured in of(results, "signals") {
        let (figures, cpu) = (&measured.figures, measured.cpu);
        let (sent, latency) = (&figures["sent_each_second"], times(&figures["latency"]));
        writeln!(text, "| {} | {sent} | {latency} | {cpu:.2} |", measured.nodes)?;
    }
    Ok(())
}

fn of<'a>(results: &'a Results, what: &'a str) -> impl Iterator<Item = &'a Throughput> {
    results.throughput.iter().filter(move |measured| measured.what == what)
}

fn times(summary: &Value) -> String {
    let ms = |key: &str| summary[key].as_f64().unwrap_or(f64::NAN);
    format!("{:.2}, {:.2}", ms("p50_ms"), ms("p99_ms"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::bench::service::results::{Failure, Growth};

    #[test]
    fn a_report_says_what_was_measured_and_what_was_not() {
        let (memory, first) = (70_000_000, 20_000_000);
        let (product, nodes, connected) = ("ours".to_owned(), 1, 1000);
        let grown = Growth { product, nodes, connected, seconds: 2.0, memory, first, cpu: 0.25 };
        let (product, memory) = ("MeshCentral".to_owned(), 120_000_000);
        let peer = Growth { product, memory, cpu: 0.5, ..grown };
        let summary = json!({ "count": 9, "p50_ms": 1.5, "p99_ms": 2.5, "most_ms": 3.0 });
        let figures = json!({ "each_second": 900.4, "make": summary, "redeem": summary });
        let codes = Throughput { nodes: 3, what: "codes".into(), cpu: 1.5, figures };
        let failure = Failure { nodes: 3, what: "signals".into(), reason: "no luck".into() };
        let results = Results {
            growth: vec![grown, peer],
            throughput: vec![codes],
            failures: vec![failure],
            ..Results::default()
        };
        let text = markdown(&results).unwrap();
        assert!(text.contains("| ours | 1 | 1000 | 70.0 | 50.0 | 21475 | 0.250 | 2.0 |"), "{text}");
        let peer = "| MeshCentral | 1 | 1000 | 120.0 | 100.0 | 10737 | 0.500 | 2.0 |";
        assert!(text.contains(peer), "{text}");
        assert!(text.contains("| 3 | 900 | 1.50, 2.50 | 1.50, 2.50 | 1.50 |"), "{text}");
        assert!(text.contains("| 3 | signals | no luck |"), "{text}");
    }
    #[test]
    fn the_method_names_the_version_that_is_installed() {
        let package = include_str!("../../../../benches/meshcentral/package.json");
        let package: Value = serde_json::from_str(package).unwrap();
        let version = package["dependencies"]["meshcentral"].as_str().unwrap();
        assert!(PEER.contains(&format!("MeshCentral {version} ")), "{version}");
    }
}
