use super::*;
use crate::bench::results::{Frames, Rest, Sample};

fn sample(product: Product, row: Row, measure: Measure) -> Sample {
    Sample { product, row, round: 0, load: 0.0, measure }
}

fn photon(product: Product, row: Row, ms: Vec<Option<f64>>) -> Sample {
    sample(product, row, Measure::Photon { case: "glyph, key".to_owned(), ms })
}

fn run(samples: Vec<Sample>) -> Results {
    Results { rounds: 4, samples, ..Results::default() }
}

fn verdict(results: &Results, goal: &str) -> Verdict {
    judge(results).into_iter().find(|it| it.goal.starts_with(goal)).unwrap()
}

#[test]
fn a_run_without_figures_meets_and_misses_nothing() {
    assert!(judge(&Results::default()).iter().all(|verdict| verdict.met.is_none()));
}

#[test]
fn a_ratio_is_to_the_best_other_at_each_percentile() {
    let ours = photon(Product::Ours, Row::Latency, vec![Some(4.0); 20]);
    let slow = photon(Product::X11vnc, Row::Latency, vec![Some(40.0); 20]);
    let quick = photon(Product::TigerVnc, Row::Latency, vec![Some(12.0); 20]);
    let met = verdict(&run(vec![ours.clone(), slow.clone(), quick]), "latency: glyph, key");
    assert_eq!(met.met, Some(true), "{met:?}");
    let quicker = photon(Product::TigerVnc, Row::Latency, vec![Some(8.0); 20]);
    let missed = verdict(&run(vec![ours.clone(), slow, quicker]), "latency: glyph, key");
    assert_eq!(missed.met, Some(false), "{missed:?}");
    assert_eq!(
        verdict(&run(vec![ours]), "latency: glyph, key").met,
        None,
        "nobody to compare with"
    );
}

#[test]
fn a_miss_of_ours_is_never_within_a_ratio() {
    let mut times = vec![Some(1.0); 20];
    times[..2].fill(None);
    let ours = photon(Product::Ours, Row::LatencyBusy, times);
    let other = photon(Product::X11vnc, Row::LatencyBusy, vec![None; 20]);
    let verdict = verdict(&run(vec![ours, other]), "latency-busy: glyph, key");
    assert_eq!(verdict.met, Some(false), "{verdict:?}");
    assert!(verdict.measured.contains("2 missed"), "{verdict:?}");
}

#[test]
fn too_few_rounds_settle_nothing_under_load() {
    let ours = photon(Product::Ours, Row::LatencyBusy, vec![Some(1.0); 20]);
    let other = photon(Product::X11vnc, Row::LatencyBusy, vec![Some(10.0); 20]);
    let rounds = |count| {
        let round = |round| [&ours, &other].map(|sample| Sample { round, ..sample.clone() });
        run((0..count).flat_map(round).collect())
    };
    assert_eq!(verdict(&rounds(4), "latency-busy: glyph, key").met, Some(true));
    assert_eq!(verdict(&rounds(3), "latency-busy: glyph, key").met, Some(false));
}

fn cost(product: Product, row: Row, server_cpu: f64, shown: u32) -> Sample {
    let frames = Some(Frames { seconds: 10.0, shown, drawn: 300 });
    let rest = Rest { equal_after_ms: Some(90.0), differing_at_500_ms: 0, differing: 0, worst: 0 };
    let cost = Cost { seconds: 10.0, server_cpu, frames, rest: Some(rest), ..Cost::default() };
    sample(product, row, Measure::Cost(cost))
}

#[test]
fn cost_of_scrolling_is_for_each_picture_that_was_shown() {
    let ours = cost(Product::Ours, Row::Terminal, 1.0, 300);
    // Half the CPU, but for a quarter of the pictures.
    let other = cost(Product::X11vnc, Row::Terminal, 1.0, 75);
    let results = run(vec![ours, other]);
    assert_eq!(verdict(&results, "terminal: server CPU").met, Some(true));
    let results = run(vec![
        cost(Product::Ours, Row::Terminal, 1.0, 300),
        cost(Product::X11vnc, Row::Terminal, 1.5, 300),
    ]);
    assert_eq!(verdict(&results, "terminal: server CPU").met, Some(false));
    let results = run(vec![
        cost(Product::Ours, Row::Terminal, 1.0, 300),
        cost(Product::X11vnc, Row::Terminal, 3.0, 300),
        cost(Product::Selkies, Row::Terminal, 0.5, 300),
    ]);
    assert_eq!(verdict(&results, "terminal: server CPU").met, Some(true), "it is about VNC");
}

#[test]
fn one_rest_that_never_comes_spoils_all() {
    let mut results = run(vec![cost(Product::Ours, Row::Text, 1.0, 300)]);
    assert_eq!(verdict(&results, "rest").met, Some(true));
    let mut sample = cost(Product::Ours, Row::Typing, 1.0, 300);
    if let Measure::Cost(Cost { rest: Some(rest), .. }) = &mut sample.measure {
        rest.equal_after_ms = None;
    }
    results.samples.push(sample);
    assert_eq!(verdict(&results, "rest").met, Some(false));
}

#[test]
fn an_outage_is_over_when_both_are_back() {
    let back = |picture_ms, input_ms| {
        let measure = Measure::Recovery { picture_ms, input_ms };
        verdict(&run(vec![sample(Product::Ours, Row::Outage, measure)]), "outage").met
    };
    assert_eq!(back(Some(300.0), Some(900.0)), Some(true));
    assert_eq!(back(Some(300.0), Some(1100.0)), Some(false));
    assert_eq!(back(Some(300.0), None), Some(false));
}
