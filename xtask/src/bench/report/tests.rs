use super::*;
use crate::bench::results::{Failure, Frames, Measure, Rest, Sample};

fn sample(product: Product, row: Row, measure: Measure) -> Sample {
    Sample { product, row, round: 1, load: 0.5, measure }
}

fn results() -> Results {
    let frames = Some(Frames { seconds: 5.0, shown: 150, drawn: 150 });
    let rest = Rest { equal_after_ms: None, differing_at_500_ms: 9, differing: 7, worst: 200 };
    let cost = Cost {
        seconds: 5.0,
        server_cpu: 1.0,
        bytes_down: 1_500_000,
        frames,
        rest: Some(rest),
        ..Cost::default()
    };
    let case = "glyph, key".to_owned();
    let mut times = vec![Some(4.0); 19];
    times.push(None);
    let samples = vec![
        sample(Product::Ours, Row::First, Measure::First { ms: 180.4 }),
        sample(Product::Ours, Row::Latency, Measure::Photon { case, ms: times }),
        sample(Product::X11vnc, Row::Text, Measure::Cost(cost)),
        sample(
            Product::X11vnc,
            Row::Outage,
            Measure::Recovery { picture_ms: Some(900.0), input_ms: None },
        ),
    ];
    let reason = "it does\nnot start | ever".to_owned();
    let failures = vec![Failure { product: Product::Selkies, row: Row::Idle, round: 0, reason }];
    Results { rounds: 2, samples, failures, ..Results::default() }
}

#[test]
fn every_figure_is_in_the_report_with_its_number_of_measurements() {
    let text = markdown(&results());
    for line in [
        "| latency | glyph, key | ours | 20 | 4.00 | 4.00 | 4.00 | missed | 1 |",
        "| text | x11vnc | 1 | 2.00 | 0.00 | 0.00 | 3000 | 0.00 | 30.0 | 30.0 | 0.00 | 0.00 | 0.00 |",
        "| text | x11vnc | 1 | never | 9 | 7 | 200 |",
        "| 1 | ours | first picture after Allow | 180 ms |",
        "| 1 | x11vnc | back after an outage of 5 s | picture 900 ms, input never |",
        "| 0 | selkies | idle | it does not start   ever |",
        "| 180 ms | met |",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}

#[test]
fn every_plot_that_is_named_is_there() {
    let folder = tempfile::tempdir().unwrap();
    write(&results(), folder.path()).unwrap();
    let text = fs::read_to_string(folder.path().join("performance.md")).unwrap();
    let links: Vec<_> = text.split("](").skip(1).filter_map(|it| it.split(')').next()).collect();
    assert_eq!(links.len(), 6);
    for link in links {
        assert!(
            fs::read_to_string(folder.path().join(link)).unwrap().starts_with("<svg"),
            "{link}"
        );
    }
}

#[test]
fn a_run_without_figures_has_a_report_without_tables_and_plots() {
    let text = markdown(&Results::default());
    assert!(!text.contains("ms |\n| latency") && !text.contains("]("), "{text}");
}

#[test]
fn a_run_reads_as_it_was_written() {
    let text = serde_json::to_string(&results()).unwrap();
    let again: Results = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_string(&again).unwrap(), text);
}
