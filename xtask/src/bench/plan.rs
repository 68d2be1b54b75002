//! What is measured, and of whom.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A product that shows a screen in a browser.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Product {
    Ours,
    TigerVnc,
    X11vnc,
    Selkies,
}

/// A row of the report, measured in one go.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Row {
    First,
    Latency,
    LatencyVideo,
    LatencyBusy,
    Idle,
    Typing,
    Terminal,
    Text,
    Drag,
    Video30,
    Video60,
    Net20m,
    Net2m,
    Net300k,
    Outage,
}

/// Something with a name on the command line.
pub(crate) trait Named: Copy + Sized + 'static {
    /// What one is, for messages.
    const WHAT: &'static str;
    const ALL: &'static [(Self, &'static str)];
}

impl Named for Product {
    const WHAT: &'static str = "product";
    const ALL: &'static [(Self, &'static str)] = &[
        (Self::Ours, "ours"),
        (Self::TigerVnc, "tigervnc"),
        (Self::X11vnc, "x11vnc"),
        (Self::Selkies, "selkies"),
    ];
}

impl Named for Row {
    const WHAT: &'static str = "row";
    const ALL: &'static [(Self, &'static str)] = &[
        (Self::First, "first"),
        (Self::Latency, "latency"),
        (Self::LatencyVideo, "latency-video"),
        (Self::LatencyBusy, "latency-busy"),
        (Self::Idle, "idle"),
        (Self::Typing, "typing"),
        (Self::Terminal, "terminal"),
        (Self::Text, "text"),
        (Self::Drag, "drag"),
        (Self::Video30, "video30"),
        (Self::Video60, "video60"),
        (Self::Net20m, "net-20m"),
        (Self::Net2m, "net-2m"),
        (Self::Net300k, "net-300k"),
        (Self::Outage, "outage"),
    ];
}

/// The name of `value`.
fn name<T: Named + PartialEq>(value: T) -> &'static str {
    T::ALL.iter().find(|(it, _)| *it == value).map_or("", |(_, name)| name)
}

impl fmt::Display for Product {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(name(*self))
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(name(*self))
    }
}

impl FromStr for Product {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        parse(text)
    }
}

impl FromStr for Row {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        parse(text)
    }
}

fn parse<T: Named>(text: &str) -> Result<T, String> {
    T::ALL.iter().find(|(_, name)| *name == text).map(|(value, _)| *value).ok_or_else(|| {
        let names: Vec<_> = T::ALL.iter().map(|(_, name)| *name).collect();
        format!("there is no {} {text:?}; there are {}", T::WHAT, names.join(", "))
    })
}

/// A network between the two sides.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Shape {
    /// Bits a second in each direction.
    pub(crate) rate: u64,
    /// Milliseconds there and back.
    pub(crate) round_trip_ms: u32,
    /// Per cent of the packets that are lost in each direction.
    pub(crate) loss: f64,
}

impl Row {
    /// The network it is measured on; none is the plain one within the machine.
    pub(crate) const fn network(self) -> Option<Shape> {
        match self {
            Self::Net20m | Self::Outage => {
                Some(Shape { rate: 20_000_000, round_trip_ms: 40, loss: 0.0 })
            }
            Self::Net2m => Some(Shape { rate: 2_000_000, round_trip_ms: 80, loss: 1.0 }),
            Self::Net300k => Some(Shape { rate: 300_000, round_trip_ms: 150, loss: 0.0 }),
            Self::First
            | Self::Latency
            | Self::LatencyVideo
            | Self::LatencyBusy
            | Self::Idle
            | Self::Typing
            | Self::Terminal
            | Self::Text
            | Self::Drag
            | Self::Video30
            | Self::Video60 => None,
        }
    }
}

/// The rows of one session: those on the plain network together, each other by itself.
pub(crate) fn sessions(rows: &[Row]) -> Vec<Vec<Row>> {
    let (plain, shaped): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.network().is_none());
    let plain = Some(plain).filter(|rows| !rows.is_empty());
    plain.into_iter().chain(shaped.into_iter().map(|row| vec![row])).collect()
}

/// The products in the order of a round: each round the other way round, so that none is always
/// first.
pub(crate) fn order(products: &[Product], round: u32) -> Vec<Product> {
    let mut order = products.to_vec();
    if round % 2 == 1 {
        order.reverse();
    }
    order
}

/// All of `T`, in order.
pub(crate) fn all<T: Named>() -> Vec<T> {
    T::ALL.iter().map(|(value, _)| *value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        for row in all::<Row>() {
            assert_eq!(row.to_string().parse(), Ok(row));
        }
        for product in all::<Product>() {
            assert_eq!(product.to_string().parse(), Ok(product));
        }
    }

    #[test]
    fn an_unknown_name_is_refused_with_the_list() {
        let refusal = "fast".parse::<Row>().unwrap_err();
        assert!(refusal.contains("\"fast\"") && refusal.contains("latency-busy"), "{refusal}");
        assert!("".parse::<Product>().unwrap_err().contains("tigervnc"));
    }

    #[test]
    fn each_shaped_network_has_a_session_of_its_own() {
        let rows = [Row::Net2m, Row::Idle, Row::Outage, Row::Typing];
        let expected = [vec![Row::Idle, Row::Typing], vec![Row::Net2m], vec![Row::Outage]];
        assert_eq!(sessions(&rows), expected);
        assert!(sessions(&[]).is_empty());
    }

    #[test]
    fn nobody_is_always_first() {
        let products = [Product::Ours, Product::X11vnc];
        assert_ne!(order(&products, 0)[0], order(&products, 1)[0]);
    }
}
