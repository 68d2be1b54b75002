//! Bar charts as SVG, readable on light and on dark ground.

use std::fmt::Write as _;

/// Bars of one colour: one product.
pub(super) struct Series {
    pub(super) name: String,
    /// One value for each group; none where nothing was measured.
    pub(super) values: Vec<Option<f64>>,
}

/// A chart of groups of bars.
pub(super) struct Chart<'a> {
    pub(super) title: &'a str,
    pub(super) unit: &'a str,
    pub(super) groups: &'a [String],
    pub(super) series: &'a [Series],
}

const WIDTH: f64 = 900.0;
const LEFT: f64 = 240.0;
const BAR: f64 = 13.0;
const GAP: f64 = 12.0;
const TOP: f64 = 64.0;

/// One for each product, told apart by lightness as well.
const COLOURS: [&str; 4] = ["#1f5fbf", "#d9822b", "#5f9e6e", "#a05cab"];

/// Draws `chart`; bars lie, so that names have room, and each group has its own scale, because a slow
/// network takes a hundred times as long as none.
pub(super) fn svg(chart: &Chart<'_>) -> String {
    let group_height = BAR * chart.series.len() as f64 + GAP;
    let height = TOP + group_height * chart.groups.len() as f64 + 8.0;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
         font-family=\"system-ui, sans-serif\" font-size=\"12\" role=\"img\">\n\
         <title>{title}</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n\
         <text x=\"12\" y=\"22\" font-size=\"15\" font-weight=\"600\">{title} ({unit})</text>\n",
        title = escaped(chart.title),
        unit = escaped(chart.unit),
    );
    legend(&mut svg, chart);
    for (at, group) in chart.groups.iter().enumerate() {
        let top = TOP + group_height * at as f64;
        let values = chart.series.iter().filter_map(|series| *series.values.get(at)?);
        let most = values.fold(0.0, f64::max).max(f64::MIN_POSITIVE);
        let middle = top + BAR * chart.series.len() as f64 / 2.0 + 4.0;
        let _ = writeln!(
            svg,
            "<text x=\"{}\" y=\"{middle}\" text-anchor=\"end\">{}</text>",
            LEFT - 8.0,
            escaped(group)
        );
        for (row, series) in chart.series.iter().enumerate() {
            let value = series.values.get(at).copied().flatten();
            bar(&mut svg, top + BAR * row as f64, value, most, COLOURS[row % COLOURS.len()]);
        }
    }
    svg + "</svg>\n"
}

fn legend(svg: &mut String, chart: &Chart<'_>) {
    for (at, (series, colour)) in chart.series.iter().zip(COLOURS.iter().cycle()).enumerate() {
        let x = LEFT + 130.0 * at as f64;
        let _ = writeln!(
            svg,
            "<rect x=\"{x}\" y=\"36\" width=\"12\" height=\"12\" fill=\"{colour}\"/>\
             <text x=\"{}\" y=\"46\">{}</text>",
            x + 18.0,
            escaped(&series.name)
        );
    }
}

fn bar(svg: &mut String, y: f64, value: Option<f64>, most: f64, colour: &str) {
    let room = WIDTH - LEFT - 90.0;
    let width = value.map_or(0.0, |value| value / most * room);
    let label = value.map_or_else(|| "missed, or not measured".to_owned(), number);
    let _ = writeln!(
        svg,
        "<rect x=\"{LEFT}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{}\" fill=\"{colour}\"/>\
         <text x=\"{:.1}\" y=\"{:.1}\" font-size=\"11\">{label}</text>",
        BAR - 2.0,
        LEFT + width + 5.0,
        y + BAR - 3.5,
    );
}

/// A number with about three digits.
pub(super) fn number(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_bar_of_a_group_is_the_longest_and_gaps_are_told() {
        let series = [
            Series { name: "a & b".into(), values: vec![Some(10.0), None] },
            Series { name: "c".into(), values: vec![Some(5.0), Some(2.5)] },
        ];
        let groups = ["one".to_owned(), "two".to_owned()];
        let svg = svg(&Chart { title: "T<1>", unit: "ms", groups: &groups, series: &series });
        let room = WIDTH - LEFT - 90.0;
        for (share, bars) in [(1.0, 2), (0.5, 1)] {
            let width = format!("width=\"{:.1}\"", room * share);
            assert_eq!(svg.matches(&width).count(), bars, "{share}");
        }
        assert!(
            svg.contains("not measured") && svg.contains("a &amp; b") && svg.contains("T&lt;1&gt;")
        );
        assert_eq!(svg.matches("<text").count(), svg.matches("</text>").count());
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!([1234.5, 12.34, 0.056].map(number), ["1234", "12.3", "0.06"]);
    }
}
