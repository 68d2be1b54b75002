//! Frames as RTP packets (RFC 3550, RFC 6184).

use bytes::Bytes;
use rh_protocol::EncodedFrame;
use rh_protocol::tile::VideoTime;
use rtc::rtp::Packet;
use rtc::rtp::codec::h264::H264Payloader;
use rtc::rtp::header::Header;
use rtc::rtp::packetizer::Payloader;
use rtc::shared::error::Error;

/// The header extension by which a sender says how long a receiver is to hold frames back
/// (webrtc.org, "playout-delay").
pub(super) const PLAYOUT_DELAY_URI: &str =
    "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay";

/// Least and most delay are none: a picture is shown as soon as it is there.
const NO_DELAY: Bytes = Bytes::from_static(&[0, 0, 0]);

/// Bytes of payload that fit the least MTU of IPv6 (1280, RFC 8200) beside IP, UDP, TURN, SRTP and
/// RTP with its extensions.
const PAYLOAD: usize = 1150;

/// How packets are marked, as negotiated.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Wire {
    /// The payload type of H.264.
    pub(super) payload_type: u8,
    /// The id of the playout-delay extension, if the helper knows it.
    pub(super) playout_delay: Option<u8>,
}

/// Cuts frames into packets.
#[derive(Debug)]
pub(super) struct Packetizer {
    payloader: H264Payloader,
    ssrc: u32,
    sequence_number: u16,
}

impl Packetizer {
    pub(super) fn new(ssrc: u32, sequence_number: u16) -> Self {
        Self { payloader: H264Payloader::default(), ssrc, sequence_number }
    }

    /// The packets of one frame; the last one is marked (RFC 6184, section 5.1).
    pub(super) fn packets(
        &mut self,
        frame: &EncodedFrame,
        wire: Wire,
    ) -> Result<Vec<Packet>, Error> {
        let payloads = self.payloader.payload(PAYLOAD, &frame.data)?;
        let last = payloads.len().saturating_sub(1);
        // The same clock as the tiles', so that a helper can tell which is newer. RFC 3550,
        // section 5.1, would have it start anywhere, against guesses at the plain text; SRTP with
        // AES is not open to them.
        let VideoTime(timestamp) = VideoTime::since_zero(frame.at);
        payloads
            .into_iter()
            .enumerate()
            .map(|(n, payload)| {
                let mut header = Header {
                    version: 2,
                    marker: n == last,
                    payload_type: wire.payload_type,
                    sequence_number: self.sequence_number,
                    timestamp,
                    ssrc: self.ssrc,
                    ..Header::default()
                };
                self.sequence_number = self.sequence_number.wrapping_add(1);
                if let Some(id) = wire.playout_delay {
                    header.set_extension(id, NO_DELAY)?;
                }
                Ok(Packet { header, payload })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn frame(len: usize, at: Duration) -> EncodedFrame {
        let mut data = vec![0, 0, 0, 1, 0x65];
        data.resize(len, 0xab);
        EncodedFrame { data: data.into(), at, key: true }
    }

    const WIRE: Wire = Wire { payload_type: 108, playout_delay: Some(5) };

    #[test]
    fn timestamps_are_the_capture_clock_at_90_khz_and_wrap() {
        let mut packetizer = Packetizer::new(7, u16::MAX);
        let day = Duration::from_secs(24 * 3600);
        for (at, ticks) in [
            (Duration::ZERO, 0),
            (Duration::from_millis(20), 1_800),
            (day, (24_u64 * 3600 * 90_000) as u32),
        ] {
            let packets = packetizer.packets(&frame(9, at), WIRE).unwrap();
            assert_eq!(packets[0].header.timestamp, ticks);
        }
    }

    #[test]
    fn a_large_frame_is_cut_numbered_marked_and_not_held_back() {
        let mut packetizer = Packetizer::new(7, u16::MAX);
        let packets = packetizer.packets(&frame(3 * PAYLOAD, Duration::ZERO), WIRE).unwrap();
        assert_eq!(packets.len(), 4);
        let numbers: Vec<u16> = packets.iter().map(|p| p.header.sequence_number).collect();
        assert_eq!(numbers, [u16::MAX, 0, 1, 2]);
        let marked: Vec<bool> = packets.iter().map(|p| p.header.marker).collect();
        assert_eq!(marked, [false, false, false, true]);
        for packet in &packets {
            assert_eq!(packet.header.ssrc, 7);
            assert_eq!(packet.header.payload_type, 108);
            assert_eq!(packet.header.get_extension(5), Some(NO_DELAY));
            assert!(packet.payload.len() <= PAYLOAD);
        }
    }

    #[test]
    fn a_helper_that_knows_no_playout_delay_gets_none() {
        let wire = Wire { playout_delay: None, ..WIRE };
        let packets = Packetizer::new(7, 0).packets(&frame(9, Duration::ZERO), wire).unwrap();
        assert!(!packets[0].header.extension);
    }
}
