//! What was measured, as it stands in the JSON file.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::plan::{Product, Row};

/// One run of the bench.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(crate) struct Results {
    pub(crate) machine: Machine,
    pub(crate) rounds: u32,
    pub(crate) samples: Vec<Sample>,
    pub(crate) failures: Vec<Failure>,
}

/// Where, when and with what.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(crate) struct Machine {
    pub(crate) date: String,
    pub(crate) commit: String,
    pub(crate) processor: String,
    pub(crate) cores: usize,
    pub(crate) memory_mb: u64,
    pub(crate) kernel: String,
    /// The load averages before the first and after the last row.
    pub(crate) load: Vec<String>,
    pub(crate) versions: BTreeMap<String, String>,
}

/// One measurement.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Sample {
    pub(crate) product: Product,
    pub(crate) row: Row,
    pub(crate) round: u32,
    /// The load average over the last minute when it began.
    pub(crate) load: f64,
    pub(crate) measure: Measure,
}

/// What kind of measurement, and its figures.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Measure {
    Photon {
        /// What was pressed and what changed, such as `glyph, key`.
        case: String,
        /// Milliseconds; none for what was not seen in time.
        ms: Vec<Option<f64>>,
    },
    First {
        /// Milliseconds from the answer to the first picture.
        ms: f64,
    },
    Cost(Cost),
    Recovery {
        picture_ms: Option<f64>,
        input_ms: Option<f64>,
    },
}

/// What some seconds of a content cost.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub(crate) struct Cost {
    pub(crate) seconds: f64,
    /// CPU seconds of agent and service, or of the other product's processes.
    pub(crate) server_cpu: f64,
    pub(crate) browser_cpu: f64,
    /// CPU seconds of the sharer's X server, which copies the picture for whoever asks.
    pub(crate) source_cpu: f64,
    /// Bytes on the wire towards the browser, headers included.
    pub(crate) bytes_down: u64,
    pub(crate) bytes_up: u64,
    /// Proportional memory of the process that captures and of those that it started, in bytes.
    pub(crate) agent_memory: u64,
    /// Proportional memory of all processes of the server.
    pub(crate) server_memory: u64,
    /// Proportional memory of all processes of the browser.
    pub(crate) browser_memory: u64,
    /// Pictures shown and steps drawn, where steps are counted.
    pub(crate) frames: Option<Frames>,
    pub(crate) rest: Option<Rest>,
}

/// Pictures shown of a content that was drawn so often.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Frames {
    pub(crate) seconds: f64,
    pub(crate) shown: u32,
    pub(crate) drawn: u32,
}

/// How what is shown came to equal the source after the last change.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Rest {
    pub(crate) equal_after_ms: Option<f64>,
    pub(crate) differing_at_500_ms: u64,
    pub(crate) differing: u64,
    pub(crate) worst: u8,
}

impl Cost {
    /// `value` for ten seconds.
    pub(crate) fn per_ten(&self, value: f64) -> f64 {
        value / self.seconds * 10.0
    }

    /// Pictures shown a second.
    pub(crate) fn shown(&self) -> Option<f64> {
        self.frames.map(|frames| f64::from(frames.shown) / frames.seconds)
    }

    /// Bytes in both directions.
    pub(crate) const fn bytes(&self) -> u64 {
        self.bytes_down + self.bytes_up
    }
}

/// A row that was not measured, and why.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Failure {
    pub(crate) product: Product,
    pub(crate) row: Row,
    pub(crate) round: u32,
    pub(crate) reason: String,
}

impl Results {
    /// In how many rounds something of a row was measured.
    pub(crate) fn rounds_of(&self, product: Product, row: Row) -> usize {
        self.of(product, row).map(|sample| sample.round).collect::<BTreeSet<_>>().len()
    }

    /// Times of a case, all rounds together.
    pub(crate) fn photon(&self, product: Product, row: Row, case: &str) -> Vec<Option<f64>> {
        let of = self.of(product, row).filter_map(|sample| match &sample.measure {
            Measure::Photon { case: it, ms } if it == case => Some(ms.as_slice()),
            Measure::Photon { .. }
            | Measure::First { .. }
            | Measure::Cost(_)
            | Measure::Recovery { .. } => None,
        });
        of.flatten().copied().collect()
    }

    /// The costs of a row, one for each round.
    pub(crate) fn costs(&self, product: Product, row: Row) -> Vec<&Cost> {
        let cost = |sample: &'_ Sample| matches!(sample.measure, Measure::Cost(_));
        let samples = self.of(product, row).filter(|sample| cost(sample));
        samples
            .filter_map(|sample| match &sample.measure {
                Measure::Cost(cost) => Some(cost),
                Measure::Photon { .. } | Measure::First { .. } | Measure::Recovery { .. } => None,
            })
            .collect()
    }

    /// The measurements of a product's row.
    pub(crate) fn of(&self, product: Product, row: Row) -> impl Iterator<Item = &Sample> {
        self.samples.iter().filter(move |it| it.product == product && it.row == row)
    }

    /// The products that were measured at all, in order.
    pub(crate) fn products(&self) -> Vec<Product> {
        let mut products: Vec<_> = self.samples.iter().map(|sample| sample.product).collect();
        products.sort_unstable();
        products.dedup();
        products
    }
}
