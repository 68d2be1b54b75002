//! The table of what is right, and how far from it a count may be.

use std::collections::BTreeSet;
use std::fmt::Write;

use anyhow::Result;

use super::Counts;

/// Hundredths by which a count may differ. One program counts the same to a part in ten thousand, but
/// code elsewhere in a crate moves where the compiler cuts it, and so what is inlined: the same
/// source cut in another way was seen to differ by 4.8.
const TOLERANCE: u64 = 5;

const HEAD: &str = "# Instructions of the hot loops in benches/counts, by Callgrind, as built by the dev profile.\n\
                    # Written by `cargo xtask counts --accept`; held by `cargo xtask counts`.\n\n";

/// What to do if a loop takes other than what the table says.
const ACCEPT: &str = "`cargo xtask counts --accept`";

/// Reads a table.
///
/// # Errors
///
/// If it is not TOML of names and whole numbers.
pub(super) fn read(text: &str) -> Result<Counts> {
    Ok(toml::from_str(text)?)
}

/// Writes a table.
///
/// # Errors
///
/// If a count does not fit TOML's numbers.
pub(super) fn write(counts: &Counts) -> Result<String> {
    Ok(format!("{HEAD}{}", toml::to_string(counts)?))
}

/// Every loop with its count and how far that is from the table.
pub(super) fn shown(counts: &Counts, table: &Counts) -> String {
    let mut text = String::new();
    for (name, count) in counts {
        let change =
            table.get(name).map_or_else(|| "new".to_owned(), |held| percent(*count, *held));
        // Memory takes in whatever is written.
        let _ = writeln!(text, "{count:>12}  {change:>8}  {name}");
    }
    text
}

/// What is wrong, a line to each loop.
pub(super) fn compare(counts: &Counts, table: &Counts) -> Vec<String> {
    let names: BTreeSet<_> = counts.keys().chain(table.keys()).collect();
    let complaint = |name: &String| match (counts.get(name), table.get(name)) {
        (Some(count), Some(held)) => judge(name, *count, *held),
        (Some(_), None) => Some(format!("{name} is not in the table: run {ACCEPT}")),
        (None, _) => Some(format!("{name} is in the table and no loop: run {ACCEPT}")),
    };
    names.into_iter().filter_map(complaint).collect()
}

/// What is wrong with one loop, if anything is.
fn judge(name: &str, count: u64, held: u64) -> Option<String> {
    let figures = format!("{count} instructions, the table says {held} ({})", percent(count, held));
    let (count, held) = (u128::from(count) * 100, u128::from(held));
    let tolerance = u128::from(TOLERANCE);
    if count > held * (100 + tolerance) {
        return Some(format!(
            "{name} became slower: {figures}; see why, and if it must be so, run {ACCEPT}"
        ));
    }
    (count < held * (100 - tolerance))
        .then(|| format!("{name} became faster: {figures}; to hold that, run {ACCEPT}"))
}

fn percent(count: u64, held: u64) -> String {
    format!("{:+.1} %", (count as f64 / held as f64 - 1.0) * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(rows: &[(&str, u64)]) -> Counts {
        rows.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
    }

    #[test]
    fn what_is_written_is_read() {
        let table = counts(&[("look", 17), ("find_scroll", 14_741_424)]);
        let text = write(&table).unwrap();
        assert!(text.starts_with('#') && text.ends_with("find_scroll = 14741424\nlook = 17\n"));
        assert_eq!(read(&text).unwrap(), table);
        for garbage in ["look", "look = -1", "look = 1.5", "look = 1\nlook = 2", "[look]\na = 1"] {
            assert!(read(garbage).is_err(), "{garbage:?}");
        }
    }

    #[test]
    fn five_hundredths_either_way_are_tolerated() {
        let table = counts(&[("look", 1000)]);
        for count in [950, 1000, 1050] {
            assert_eq!(compare(&counts(&[("look", count)]), &table), [""; 0]);
        }
        let slower = &compare(&counts(&[("look", 1051)]), &table)[0];
        assert!(slower.contains("look became slower: 1051"), "{slower}");
        assert!(slower.contains("says 1000 (+5.1 %)") && slower.contains("counts"), "{slower}");
        let faster = &compare(&counts(&[("look", 949)]), &table)[0];
        assert!(faster.contains("look became faster") && faster.contains("--accept"), "{faster}");
    }

    #[test]
    fn a_loop_in_one_place_alone_is_a_complaint() {
        let one = counts(&[("look", 1000)]);
        assert!(compare(&one, &Counts::new())[0].contains("look is not in the table"));
        assert!(compare(&Counts::new(), &one)[0].contains("look is in the table and no loop"));
    }

    #[test]
    fn every_complaint_is_told_at_once() {
        let table = counts(&[("find", 100), ("look", 100), ("wire", 100)]);
        let complaints = compare(&counts(&[("find", 200), ("look", 101), ("wire", 50)]), &table);
        assert_eq!(complaints.len(), 2, "{complaints:?}");
    }
}
