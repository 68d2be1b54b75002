//! Requests for a key frame: PLI (RFC 4585, section 6.3.1) and FIR (RFC 5104, section 4.3.1).
//!
//! The library keeps inbound RTCP to itself unless an interceptor marks it for delivery.

use rtc::interceptor::{Attribute, Packet, TaggedPacket};
use rtc::rtcp::payload_feedbacks::full_intra_request::FullIntraRequest;
use rtc::rtcp::payload_feedbacks::picture_loss_indication::PictureLossIndication;

use super::passing::Inspect;

/// Whether `packet` asks for a key frame.
pub(super) fn is_request(packet: &dyn rtc::rtcp::Packet) -> bool {
    let packet = packet.as_any();
    packet.is::<PictureLossIndication>() || packet.is::<FullIntraRequest>()
}

/// Marks requests for a key frame for delivery.
pub(super) struct DeliverRequests;

impl Inspect for DeliverRequests {
    fn inbound(&mut self, packet: &mut TaggedPacket) {
        if let Packet::Rtcp(rtcp) = &packet.message.packet
            && rtcp.iter().any(|one| is_request(one.as_ref()))
        {
            packet.message.add(Attribute::DeliverToApplication);
        }
    }
}
