//! Randomness that nobody can guess.

/// So many random bytes, in lower-case hexadecimal.
pub(crate) fn hex<const BYTES: usize>() -> String {
    let mut bytes = [0_u8; BYTES];
    getrandom::fill(&mut bytes).expect("the system has randomness");
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
