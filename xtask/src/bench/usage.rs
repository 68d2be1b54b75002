//! What processes use, from `/proc` (proc(5)).

use std::collections::BTreeMap;
use std::fs;

/// CPU time used so far, by process; differences are taken process by process, so that one that ends
/// meanwhile is not taken back.
#[derive(Clone, Debug, Default)]
pub(crate) struct Usage(BTreeMap<u32, f64>);

impl Usage {
    /// Of the processes `roots` and all that they started.
    pub(crate) fn of(roots: &[u32]) -> Self {
        let time =
            |pid: u32| Some((pid, cpu(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)?));
        Self(family(roots, &parents()).into_iter().filter_map(time).collect())
    }

    /// CPU seconds since `before`.
    pub(crate) fn since(&self, before: &Self) -> f64 {
        let used = |(pid, now): (&u32, &f64)| now - before.0.get(pid).copied().unwrap_or(0.0);
        self.0.iter().map(used).sum()
    }
}

/// Resident memory of `roots` and all that they started, in bytes.
pub(crate) fn resident(roots: &[u32]) -> u64 {
    memory(roots, "status", "VmRSS:")
}

/// The same, but what processes share is divided among them.
pub(crate) fn proportional(roots: &[u32]) -> u64 {
    memory(roots, "smaps_rollup", "Pss:")
}

fn memory(roots: &[u32], file: &str, field: &str) -> u64 {
    let text = |pid: u32| fs::read_to_string(format!("/proc/{pid}/{file}")).ok();
    let family = family(roots, &parents()).into_iter();
    family.filter_map(text).filter_map(|text| kilobytes(&text, field)).sum::<u64>() * 1024
}

/// The parent of every process.
fn parents() -> BTreeMap<u32, u32> {
    let Ok(entries) = fs::read_dir("/proc") else { return BTreeMap::new() };
    let names = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let parent =
        |pid: u32| Some((pid, ppid(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)?));
    names.filter_map(parent).collect()
}

/// `roots` and their descendants.
fn family(roots: &[u32], parents: &BTreeMap<u32, u32>) -> Vec<u32> {
    let mut family = roots.to_vec();
    let mut at = 0;
    while let Some(&pid) = family.get(at) {
        let children = parents.iter().filter(|(_, parent)| **parent == pid);
        let new: Vec<_> =
            children.map(|(child, _)| *child).filter(|it| !family.contains(it)).collect();
        family.extend(new);
        at += 1;
    }
    family
}

/// The fields of a `stat` file from the third on; the second is a name that may hold anything.
fn fields(stat: &str) -> Option<Vec<&str>> {
    Some(stat.rsplit_once(')')?.1.split_whitespace().collect())
}

/// Seconds in user and system mode.
fn cpu(stat: &str) -> Option<f64> {
    /// `_SC_CLK_TCK`, which is the same on every Linux of today.
    const TICKS: f64 = 100.0;
    let fields = fields(stat)?;
    let ticks = |at: usize| fields.get(at)?.parse::<f64>().ok();
    Some((ticks(11)? + ticks(12)?) / TICKS)
}

fn ppid(stat: &str) -> Option<u32> {
    fields(stat)?.get(1)?.parse().ok()
}

/// The number after `field` in a file of such lines.
fn kilobytes(text: &str, field: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(field))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAT: &str = "42 (a ) b) S 7 42 42 0 -1 4194304 500 0 0 0 250 50 0 0 20 0 4 0 100 1 2";

    #[test]
    fn a_name_with_brackets_does_not_mislead() {
        assert_eq!((cpu(STAT), ppid(STAT)), (Some(3.0), Some(7)));
        assert_eq!((cpu(""), ppid("42 (a")), (None, None));
    }

    #[test]
    fn memory_is_read_by_its_field() {
        let status = "VmPeak:\t  900 kB\nVmRSS:\t  512 kB\n";
        assert_eq!(kilobytes(status, "VmRSS:"), Some(512));
        assert_eq!(kilobytes(status, "Pss:"), None);
    }

    #[test]
    fn a_family_is_all_descendants() {
        let parents = BTreeMap::from([(2, 1), (3, 2), (4, 1), (5, 9)]);
        let mut family = family(&[2, 9], &parents);
        family.sort_unstable();
        assert_eq!(family, [2, 3, 5, 9]);
    }

    #[test]
    fn who_ends_meanwhile_takes_nothing_back() {
        let before = Usage(BTreeMap::from([(1, 5.0), (2, 1.0)]));
        let after = Usage(BTreeMap::from([(2, 1.5), (3, 0.25)]));
        assert!((after.since(&before) - 0.75).abs() < 1e-9);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn this_process_uses_something() {
        let me = std::process::id();
        assert!(resident(&[me]) > 1_000_000 && proportional(&[me]) > 0);
        assert!(Usage::of(&[me]).0.contains_key(&me));
    }
}
