//! Annex B: the byte stream of H.264 (ITU-T H.264, annex B).
//!
//! Finds NAL units between start codes, and turns the length-prefixed form that VideoToolbox and MP4
//! use (ISO/IEC 14496-15, "AVCC") into this one. Nothing here looks inside a unit beyond its first
//! byte, and no input makes it panic.

/// Starts every NAL unit that is written here.
pub const START_CODE: [u8; 4] = [0, 0, 0, 1];

/// What a NAL unit holds (`nal_unit_type`; ITU-T H.264, table 7-1).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum NalType {
    /// Part of a picture that needs others (1).
    Slice,
    /// Part of a picture that stands alone and lets decoding start (5).
    IdrSlice,
    /// Supplemental enhancement information (6).
    Sei,
    /// Sequence parameter set (7).
    Sps,
    /// Picture parameter set (8).
    Pps,
    /// Access unit delimiter (9).
    Delimiter,
    /// Any other.
    Other(u8),
}

impl NalType {
    /// Reads the type from a unit without its start code; `None` if it is empty.
    #[must_use]
    pub fn of(unit: &[u8]) -> Option<Self> {
        unit.first().map(|header| match header & 0x1f {
            1 => Self::Slice,
            5 => Self::IdrSlice,
            6 => Self::Sei,
            7 => Self::Sps,
            8 => Self::Pps,
            9 => Self::Delimiter,
            other => Self::Other(other),
        })
    }
}

/// Iterates over the NAL units of `stream`, without start codes and without the zero bytes that may
/// follow a unit. What comes before the first start code is passed over.
pub fn units(stream: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = after_start_code(stream);
    std::iter::from_fn(move || {
        let from = rest?;
        rest = after_start_code(from);
        let end = from.len() - rest.map_or(0, |next| next.len() + 3);
        Some(without_trailing_zeros(&from[..end]))
    })
    .filter(|unit| !unit.is_empty())
}

/// Iterates over the types of the NAL units of `stream`.
pub fn types(stream: &[u8]) -> impl Iterator<Item = NalType> {
    units(stream).filter_map(NalType::of)
}

/// Whether a decoder that knows nothing can start with `stream`: parameter sets of both kinds, then
/// an IDR picture.
#[must_use]
pub fn is_entry(stream: &[u8]) -> bool {
    let (mut sps, mut pps) = (false, false);
    for kind in types(stream) {
        match kind {
            NalType::Sps => sps = true,
            NalType::Pps => pps = sps,
            NalType::IdrSlice => return sps && pps,
            NalType::Slice => return false,
            NalType::Sei | NalType::Delimiter | NalType::Other(_) => {}
        }
    }
    false
}

/// Appends `unit` to `stream` behind a start code.
pub fn push(stream: &mut Vec<u8>, unit: &[u8]) {
    stream.extend_from_slice(&START_CODE);
    stream.extend_from_slice(unit);
}

/// Turns units behind big-endian lengths of `length_size` bytes (1 to 4) into Annex B; `None` if a
/// length points past the end or `length_size` is another.
#[must_use]
pub fn from_avcc(mut data: &[u8], length_size: usize) -> Option<Vec<u8>> {
    if !(1..=4).contains(&length_size) {
        return None;
    }
    let mut stream = Vec::with_capacity(data.len() + 16);
    while !data.is_empty() {
        let (prefix, rest) = data.split_at_checked(length_size)?;
        let length = prefix.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
        let (unit, rest) = rest.split_at_checked(length)?;
        push(&mut stream, unit);
        data = rest;
    }
    Some(stream)
}

/// A four-byte start code is a three-byte one behind a zero, so looking for three finds both.
fn after_start_code(stream: &[u8]) -> Option<&[u8]> {
    let at = stream.windows(3).position(|three| three == [0, 0, 1])?;
    Some(&stream[at + 3..])
}

fn without_trailing_zeros(unit: &[u8]) -> &[u8] {
    let end = unit.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    &unit[..end]
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn start_codes_of_three_and_four_bytes_are_found() {
        let stream = [9, 0, 0, 0, 1, 0x67, 1, 0, 0, 1, 0x68, 2, 0, 0, 0, 0, 1, 0x65, 3, 0, 0];
        let found: Vec<_> = units(&stream).collect();
        assert_eq!(found, [&[0x67, 1][..], &[0x68, 2], &[0x65, 3]]);
        assert!(types(&stream).eq([NalType::Sps, NalType::Pps, NalType::IdrSlice]));
    }

    #[test]
    fn only_both_parameter_sets_before_an_idr_make_an_entry() {
        let stream = |types: &[u8]| {
            let mut stream = Vec::new();
            types.iter().for_each(|kind| push(&mut stream, &[0x60 | kind, 1]));
            stream
        };
        assert!(is_entry(&stream(&[9, 7, 8, 6, 5, 5])));
        for other in [&[5_u8][..], &[7, 5], &[8, 7, 5], &[5, 7, 8], &[7, 8, 1], &[7, 8], &[]] {
            assert!(!is_entry(&stream(other)), "{other:?}");
        }
    }

    #[test]
    fn lengths_that_lie_are_refused() {
        assert_eq!(from_avcc(&[0, 0, 0, 9, 0x65], 4), None);
        assert_eq!(from_avcc(&[0, 0], 4), None);
        assert_eq!(from_avcc(&[1, 0x65], 0), None);
        assert_eq!(from_avcc(&[1, 0x65], 5), None);
        assert_eq!(from_avcc(&[1, 0x65], 1), Some(vec![0, 0, 0, 1, 0x65]));
        assert_eq!(from_avcc(&[], 4), Some(vec![]));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// Whatever comes in, nothing panics, and no unit is empty or holds a start code.
        #[test]
        fn garbage_is_survived(bytes in vec(prop_oneof![3 => 0..2_u8, 1 => any::<u8>()], 0..200)) {
            for unit in units(&bytes) {
                prop_assert!(!unit.is_empty());
                prop_assert!(!unit.windows(3).any(|three| three == [0, 0, 1]));
            }
            let _ = (is_entry(&bytes), types(&bytes).count());
            for size in 0..6 {
                let _ = from_avcc(&bytes, size);
            }
        }

        /// Units written in one form are read back from the other.
        #[test]
        fn avcc_becomes_annex_b(written in vec(vec(1..=255_u8, 1..40), 0..8), size in 1..5_usize) {
            let mut avcc = Vec::new();
            for unit in &written {
                avcc.extend_from_slice(&(unit.len() as u32).to_be_bytes()[4 - size..]);
                avcc.extend_from_slice(unit);
            }
            let stream = from_avcc(&avcc, size).expect("well formed");
            prop_assert_eq!(units(&stream).collect::<Vec<_>>(), written);
        }
    }
}
