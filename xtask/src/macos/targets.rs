//! The processors of Macs.

use clap::ValueEnum;

/// Which processors to compile for.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(super) enum Targets {
    /// Apple silicon.
    Aarch64,
    /// Intel.
    #[value(name = "x86_64")]
    X86_64,
    /// One after the other.
    Both,
}

impl Targets {
    /// Their names in Rust.
    pub(super) fn triples(self) -> &'static [&'static str] {
        const TRIPLES: &[&str] = &["aarch64-apple-darwin", "x86_64-apple-darwin"];
        match self {
            Self::Aarch64 => &TRIPLES[..1],
            Self::X86_64 => &TRIPLES[1..],
            Self::Both => TRIPLES,
        }
    }
}
