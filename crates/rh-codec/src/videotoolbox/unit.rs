//! From what VideoToolbox hands out to an access unit of a stream.
//!
//! Its samples hold units behind lengths (ISO/IEC 14496-15), and the parameter sets stand apart, in
//! the format description. A decoder that joins needs them in the stream, before each key frame.

use crate::annexb::{self, NalType};

/// One compressed picture as VideoToolbox gives it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Sample {
    /// Bytes of the length before each unit (`NALUnitHeaderLength`).
    pub(crate) length_size: usize,
    /// SPS and PPS, in this order, without start codes.
    pub(crate) parameter_sets: Vec<Vec<u8>>,
    /// The units, each behind its length.
    pub(crate) data: Vec<u8>,
}

/// One compressed picture as it is sent.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct AccessUnit {
    /// Annex B.
    pub(crate) data: Vec<u8>,
    /// Whether decoding can start here.
    pub(crate) key: bool,
}

impl Sample {
    /// Writes the sample as Annex B; `None` if a length lies or no picture is in it.
    ///
    /// Whether it is a key frame is read from the units themselves: they are what a decoder goes by,
    /// while the attachment that says so (`NotSync`) is left out at the encoder's will.
    pub(crate) fn into_unit(self) -> Option<AccessUnit> {
        let stream = annexb::from_avcc(&self.data, self.length_size)?;
        let picture = annexb::types(&stream)
            .find(|kind| matches!(kind, NalType::Slice | NalType::IdrSlice))?;
        if picture == NalType::Slice {
            return Some(AccessUnit { data: stream, key: false });
        }
        let mut data = Vec::with_capacity(stream.len() + 64);
        self.parameter_sets.iter().for_each(|set| annexb::push(&mut data, set));
        data.extend_from_slice(&stream);
        let key = annexb::is_entry(&data);
        key.then_some(AccessUnit { data, key })
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    const SPS: &[u8] = &[0x67, 66, 0xe0, 31, 1];
    const PPS: &[u8] = &[0x68, 0xce, 1];

    fn sample(units: &[&[u8]]) -> Sample {
        let mut data = Vec::new();
        for unit in units {
            data.extend_from_slice(&(unit.len() as u32).to_be_bytes());
            data.extend_from_slice(unit);
        }
        Sample { length_size: 4, parameter_sets: vec![SPS.to_vec(), PPS.to_vec()], data }
    }

    #[test]
    fn a_key_frame_brings_its_parameter_sets() {
        let unit = sample(&[&[6, 5, 1], &[0x65, 9], &[0x65, 8]]).into_unit().expect("a picture");
        assert!(unit.key && annexb::is_entry(&unit.data));
        let units: Vec<_> = annexb::units(&unit.data).collect();
        assert_eq!(units, [SPS, PPS, &[6, 5, 1], &[0x65, 9], &[0x65, 8]]);
    }

    #[test]
    fn any_other_picture_brings_none() {
        let unit = sample(&[&[0x41, 9]]).into_unit().expect("a picture");
        assert_eq!(unit, AccessUnit { data: vec![0, 0, 0, 1, 0x41, 9], key: false });
    }

    #[test]
    fn a_key_frame_nobody_could_decode_is_refused() {
        let mut lacking = sample(&[&[0x65, 9]]);
        lacking.parameter_sets.pop();
        assert_eq!(lacking.clone().into_unit(), None);
        lacking.parameter_sets.clear();
        assert_eq!(lacking.into_unit(), None);
        let carried = sample(&[SPS, PPS, &[0x65, 9]]);
        let unit = Sample { parameter_sets: Vec::new(), ..carried }.into_unit();
        assert!(unit.is_some_and(|unit| unit.key), "unless it carries them itself");
    }

    #[test]
    fn a_sample_without_a_picture_is_refused() {
        assert_eq!(sample(&[]).into_unit(), None);
        assert_eq!(sample(&[&[6, 1]]).into_unit(), None);
        let mut short = sample(&[&[0x65, 9]]);
        short.data.pop();
        assert_eq!(short.into_unit(), None);
        assert_eq!(Sample { length_size: 0, ..sample(&[&[0x65, 9]]) }.into_unit(), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// Whatever the encoder hands out, nothing panics, and `key` says what the bytes say.
        #[test]
        fn garbage_is_survived(
            length_size in 0..6_usize,
            parameter_sets in vec(vec(any::<u8>(), 0..6), 0..3),
            data in vec(prop_oneof![3 => 0..8_u8, 1 => any::<u8>()], 0..80),
        ) {
            if let Some(unit) = (Sample { length_size, parameter_sets, data }).into_unit() {
                prop_assert_eq!(unit.key, annexb::is_entry(&unit.data));
            }
        }
    }
}
