//! An interceptor of ours: everything passes, in order, unless it is kept back.

use std::collections::VecDeque;
use std::time::Instant;

use rtc::interceptor::{Interceptor, StreamInfo, TaggedPacket};
use rtc::sansio::Protocol;
use rtc::shared::error::Error;

/// What is done with packets that pass.
pub(super) trait Inspect: Send + Sync {
    /// Looks at a packet that came in, which goes on.
    fn inbound(&mut self, packet: &mut TaggedPacket) {
        let _ = packet;
    }

    /// Looks at a packet on its way out; says whether it may go on.
    fn outbound(&mut self, packet: &TaggedPacket) -> bool {
        let _ = packet;
        true
    }
}

/// Passes packets on, and shows them to `T`.
pub(super) struct Passing<T> {
    inspect: T,
    inbound: VecDeque<TaggedPacket>,
    outbound: VecDeque<TaggedPacket>,
}

impl<T: Inspect> Passing<T> {
    pub(super) fn new(inspect: T) -> Self {
        Self { inspect, inbound: VecDeque::new(), outbound: VecDeque::new() }
    }
}

impl<T: Inspect> Protocol<TaggedPacket, TaggedPacket, ()> for Passing<T> {
    type Rout = TaggedPacket;
    type Wout = TaggedPacket;
    type Eout = ();
    type Error = Error;
    type Time = Instant;

    fn handle_read(&mut self, mut packet: TaggedPacket) -> Result<(), Error> {
        self.inspect.inbound(&mut packet);
        self.inbound.push_back(packet);
        Ok(())
    }

    fn poll_read(&mut self) -> Option<TaggedPacket> {
        self.inbound.pop_front()
    }

    fn handle_write(&mut self, packet: TaggedPacket) -> Result<(), Error> {
        if self.inspect.outbound(&packet) {
            self.outbound.push_back(packet);
        }
        Ok(())
    }

    fn poll_write(&mut self) -> Option<TaggedPacket> {
        self.outbound.pop_front()
    }
}

impl<T: Inspect> Interceptor for Passing<T> {
    fn bind_local_stream(&mut self, _: &StreamInfo) {}
    fn unbind_local_stream(&mut self, _: &StreamInfo) {}
    fn bind_remote_stream(&mut self, _: &StreamInfo) {}
    fn unbind_remote_stream(&mut self, _: &StreamInfo) {}
}
