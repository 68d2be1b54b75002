//! What is aimed at, and whether a run met it. Ratios are to the best other product of the row.

use super::plan::{Product, Row};
use super::results::{Cost, Measure, Results};
use super::stats::{least, median, missed, most, percentile};

/// A goal and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Verdict {
    pub(super) goal: String,
    /// The figures it was judged by.
    pub(super) measured: String,
    /// None if the run does not tell.
    pub(super) met: Option<bool>,
}

/// Every goal, judged by `results`.
pub(super) fn judge(results: &Results) -> Vec<Verdict> {
    let mut verdicts = Vec::new();
    for case in ["glyph, key", "glyph, click", "block, key", "block, click"] {
        verdicts.push(ratios(results, Row::Latency, case, &[(0.5, 0.35), (0.95, 0.5)]));
    }
    for case in ["glyph, key, film beside", "block, key, film beside"] {
        verdicts.push(ratios(results, Row::LatencyVideo, case, &[(0.95, 0.7)]));
    }
    for case in ["glyph, key", "block, key"] {
        verdicts.push(busy(results, case));
    }
    verdicts.push(idle(results));
    verdicts.extend(typing(results));
    verdicts.extend(
        [Row::Terminal, Row::Text].map(|row| scrolling(results, row)).into_iter().flatten(),
    );
    verdicts.push(film(results));
    verdicts.push(rest(results));
    verdicts.push(first(results));
    verdicts.push(slow(results));
    verdicts.push(outage(results));
    verdicts.push(memory(results));
    verdicts
}

/// A limit on a figure of ours.
fn limit(goal: &str, value: Option<f64>, most: f64, unit: &str) -> Verdict {
    let measured = value.map_or_else(String::new, |value| format!("{} {unit}", figure(value)));
    Verdict { goal: goal.to_owned(), measured, met: value.map(|value| value <= most) }
}

/// A figure for people; what was missed is endless.
fn figure(value: f64) -> String {
    match value {
        value if value.is_infinite() => "missed".to_owned(),
        value if value >= 100.0 => format!("{value:.0}"),
        value if value >= 1.0 => format!("{value:.1}"),
        value => format!("{value:.3}"),
    }
}

/// A percentile of a case; endless if it falls on a miss, none if there are no values.
fn time(results: &Results, product: Product, row: Row, case: &str, share: f64) -> Option<f64> {
    let values = results.photon(product, row, case);
    (!values.is_empty()).then(|| percentile(&values, share).unwrap_or(f64::INFINITY))
}

/// The best that any other product has.
fn best(results: &Results, of: impl Fn(Product) -> Option<f64>) -> Option<f64> {
    least(results.products().into_iter().filter(|it| *it != Product::Ours).filter_map(of))
}

/// Whom the goals of scrolling name.
const VNC: [Product; 2] = [Product::TigerVnc, Product::X11vnc];

/// Our percentiles against the best other's, each with the ratio that is allowed.
fn ratios(results: &Results, row: Row, case: &str, limits: &[(f64, f64)]) -> Verdict {
    let (mut goal, mut measured) = (format!("{row}: {case}:"), String::new());
    let mut met = Some(true);
    for &(share, allowed) in limits {
        let name = format!("p{:.0}", share * 100.0);
        goal += &format!(" {name} at most {allowed} of the best other;");
        let ours = time(results, Product::Ours, row, case, share);
        let other = best(results, |product| time(results, product, row, case, share));
        let pair = ours.zip(other);
        // Nobody is half as late as never.
        let within = pair.map(|(ours, other)| ours.is_finite() && ours <= other * allowed);
        met = met.zip(within).map(|(so_far, within)| so_far && within);
        if let Some((ours, other)) = pair {
            let ratio = if ours.is_finite() { figure(ours / other) } else { "missed".to_owned() };
            measured += &format!("{name} {} / {} ms = {ratio}; ", figure(ours), figure(other));
        }
    }
    Verdict {
        goal: goal.trim_end_matches(';').to_owned(),
        measured: measured.trim_end_matches("; ").to_owned(),
        met,
    }
}

fn busy(results: &Results, case: &str) -> Verdict {
    let limits = [(0.5, 0.5), (0.9, 0.5), (0.95, 1.0)];
    let mut verdict = ratios(results, Row::LatencyBusy, case, &limits);
    let missed = missed(&results.photon(Product::Ours, Row::LatencyBusy, case));
    verdict.goal += "; nothing missed; at least 4 rounds";
    let rounds = results.rounds_of(Product::Ours, Row::LatencyBusy);
    if verdict.met.is_some() {
        verdict.measured += &format!("; {missed} missed; {rounds} rounds");
    }
    verdict.met = verdict.met.map(|met| met && missed == 0 && rounds >= 4);
    verdict
}

/// The median over the rounds of a figure of the cost.
fn cost(
    results: &Results,
    product: Product,
    row: Row,
    of: impl Fn(&Cost) -> Option<f64>,
) -> Option<f64> {
    median(results.costs(product, row).into_iter().filter_map(of))
}

fn idle(results: &Results) -> Verdict {
    let of = |figure: fn(&Cost) -> f64| {
        cost(results, Product::Ours, Row::Idle, |it| Some(it.per_ten(figure(it))))
    };
    let both = of(|it| it.server_cpu).zip(of(|it| it.bytes() as f64));
    Verdict {
        goal: "idle: server at most 0.03 CPU s, under 10 kB, in 10 s".to_owned(),
        measured: both.map_or_else(String::new, |(cpu, bytes)| {
            format!("{} CPU s, {} kB", figure(cpu), figure(bytes / 1000.0))
        }),
        met: both.map(|(cpu, bytes)| cpu <= 0.03 && bytes < 10_000.0),
    }
}

fn typing(results: &Results) -> [Verdict; 2] {
    let cpu = |it: &Cost| Some(it.per_ten(it.server_cpu + it.browser_cpu));
    let kilobytes = |it: &Cost| Some(it.per_ten(it.bytes() as f64) / 1000.0);
    let others = results.products();
    [
        against(results, Row::Typing, &others, "typing: CPU below every other's", cpu, 1.0),
        against(results, Row::Typing, &others, "typing: kB below every other's", kilobytes, 1.0),
    ]
}

/// Our figure is to be below `allowed` times the best that any other of `products` has.
fn against(
    results: &Results,
    row: Row,
    products: &[Product],
    goal: &str,
    of: impl Fn(&Cost) -> Option<f64>,
    allowed: f64,
) -> Verdict {
    let ours = cost(results, Product::Ours, row, &of);
    let of_other = |product| products.contains(&product).then(|| cost(results, product, row, &of));
    let other = best(results, |product| of_other(product).flatten());
    let pair = ours.zip(other);
    let shown = |(ours, other): (f64, f64)| {
        format!("{} / {} = {}", figure(ours), figure(other), figure(ours / other))
    };
    Verdict {
        goal: goal.to_owned(),
        measured: pair.map(shown).unwrap_or_default(),
        met: pair.map(|(ours, other)| ours < other * allowed),
    }
}

fn scrolling(results: &Results, row: Row) -> [Verdict; 3] {
    let for_each = |of: fn(&Cost) -> f64| {
        move |it: &Cost| {
            let shown = it.frames.map(|frames| f64::from(frames.shown)).filter(|it| *it > 0.0);
            shown.map(|shown| of(it) / shown)
        }
    };
    let verdict = |what: &str, of: fn(&Cost) -> f64, allowed: f64| {
        let goal = format!("{row}: {what} for each shown picture under {allowed} of the best VNC");
        against(results, row, &VNC, &goal, for_each(of), allowed)
    };
    [
        verdict("server CPU ms", |it| it.server_cpu * 1000.0, 0.5),
        verdict("kB", |it| it.bytes() as f64 / 1000.0, 0.1),
        verdict("browser CPU ms", |it| it.browser_cpu * 1000.0, 0.7),
    ]
}

fn film(results: &Results) -> Verdict {
    let of = |product, of: fn(&Cost) -> Option<f64>| cost(results, product, Row::Video60, of);
    let shown = of(Product::Ours, Cost::shown);
    let cpu = of(Product::Ours, |it| Some((it.server_cpu + it.browser_cpu) / it.seconds));
    let others = results.products().into_iter().filter(|it| *it != Product::Ours);
    let other = most(others.filter_map(|product| of(product, Cost::shown)));
    let both = shown.zip(cpu);
    let beside = other.map(|it| format!("; best other {} shown", figure(it))).unwrap_or_default();
    let measured = |(shown, cpu)| format!("{} shown, {} cores{beside}", figure(shown), figure(cpu));
    Verdict {
        goal: "video60: 59 shown per second within one core of server and browser together".into(),
        measured: both.map(measured).unwrap_or_default(),
        met: both.map(|(shown, cpu)| shown >= 59.0 && cpu <= 1.0),
    }
}

/// The rows after which there is a rest.
pub(super) const RESTS: [Row; 7] =
    [Row::Idle, Row::Typing, Row::Terminal, Row::Text, Row::Drag, Row::Video30, Row::Video60];

fn rest(results: &Results) -> Verdict {
    let rests = RESTS.into_iter().flat_map(|row| results.costs(Product::Ours, row));
    let times = rests.filter_map(|cost| cost.rest).map(|rest| rest.equal_after_ms);
    let slowest = most(times.map(|time| time.unwrap_or(f64::INFINITY)));
    limit(
        "rest: equal to the source within 500 ms, on every content",
        slowest,
        500.0,
        "ms at worst",
    )
}

fn first(results: &Results) -> Verdict {
    let times = results.of(Product::Ours, Row::First).filter_map(|sample| match sample.measure {
        Measure::First { ms } => Some(ms),
        Measure::Photon { .. } | Measure::Cost(_) | Measure::Recovery { .. } => None,
    });
    limit("first: picture within 250 ms of Allow, in the median", median(times), 250.0, "ms")
}

fn slow(results: &Results) -> Verdict {
    let p95 = time(results, Product::Ours, Row::Net300k, "glyph, key, film beside", 0.95);
    limit("net-300k: typing beside a film visible at p95 under 700 ms", p95, 700.0, "ms")
}

fn outage(results: &Results) -> Verdict {
    let times = results.of(Product::Ours, Row::Outage).filter_map(|sample| match sample.measure {
        Measure::Recovery { picture_ms, input_ms } => {
            Some(picture_ms.unwrap_or(f64::INFINITY).max(input_ms.unwrap_or(f64::INFINITY)))
        }
        Measure::Photon { .. } | Measure::Cost(_) | Measure::First { .. } => None,
    });
    limit(
        "outage: picture and input back within 1 s of its end",
        most(times),
        1000.0,
        "ms at worst",
    )
}

fn memory(results: &Results) -> Verdict {
    let costs = RESTS.into_iter().flat_map(|row| results.costs(Product::Ours, row));
    let largest = most(costs.map(|cost| cost.agent_memory as f64 / 1e6));
    limit("memory: agent at most 80 MB at 1080p", largest, 80.0, "MB at most")
}

#[cfg(test)]
mod tests;
