//! A helper's end of a real link, made with the same library.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use rh_protocol::{IceCandidate, Negotiation, ToHelper, decode};
use rh_session::link::contract::FarEnd;
use rtc::interceptor::{Interceptor, Packet, StreamInfo, TaggedPacket};
use rtc::peer_connection::configuration::interceptor_registry::{
    Registry, Slot, register_default_interceptors,
};
use rtc::peer_connection::configuration::media_engine::{
    MIME_TYPE_H264, MIME_TYPE_VP8, MediaEngine,
};
use rtc::peer_connection::configuration::setting_engine::{
    SctpMaxMessageSize, SettingEngineBuilder,
};
use rtc::peer_connection::sdp::RTCSessionDescription;
use rtc::peer_connection::transport::RTCIceCandidateInit;
use rtc::rtcp::payload_feedbacks::picture_loss_indication::PictureLossIndication;
use rtc::rtp::codec::h264::H264Packet;
use rtc::rtp::packetizer::Depacketizer;
use rtc::rtp_transceiver::rtp_sender::{
    RTCRtpCodec, RTCRtpCodecParameters, RTCRtpHeaderExtensionCapability, RtpCodecKind,
};
use rtc::rtp_transceiver::{RTCRtpTransceiverDirection, RTCRtpTransceiverInit};
use rtc::sansio::Protocol;
use tokio::sync::{mpsc, watch};
use webrtc::data_channel::{DataChannel, DataChannelEvent, RTCDataChannelInit};
use webrtc::media_stream::track_remote::{TrackRemote, TrackRemoteEvent};
use webrtc::peer_connection::{
    PeerConnection, PeerConnectionBuilder, PeerConnectionEventHandler, RTCPeerConnectionIceEvent,
};

use super::cut::Cut;

/// How a helper behaves.
#[derive(Clone, Copy, Debug, Default)]
pub struct Manners {
    /// Reaches the agent over TCP alone.
    pub tcp: bool,
    /// Never reads what it is told.
    pub deaf: bool,
    pub video: Video,
}

/// The video that a helper asks for.
#[derive(Clone, Copy, Debug, Default)]
pub enum Video {
    #[default]
    H264,
    /// Another codec.
    Vp8,
    None,
}

/// What came over the wire.
#[derive(Debug, Default)]
pub struct Wire {
    pub packets: AtomicU64,
    /// Packets without the zero playout delay.
    pub delayed: AtomicU64,
}

pub struct Far {
    pub peer: Arc<dyn PeerConnection>,
    pub control: Arc<dyn DataChannel>,
    pub wire: Arc<Wire>,
    pub cut: Cut,
    pointer: Arc<dyn DataChannel>,
    steps: mpsc::UnboundedReceiver<Negotiation>,
    steps_in: mpsc::UnboundedSender<Negotiation>,
    told: mpsc::UnboundedReceiver<ToHelper>,
    frames: mpsc::UnboundedReceiver<Vec<u8>>,
    painted: Option<mpsc::UnboundedReceiver<Bytes>>,
    track: watch::Receiver<Option<(Arc<dyn TrackRemote>, u32)>>,
}

impl Far {
    pub async fn new(manners: Manners) -> Self {
        let mut media = MediaEngine::default();
        let wire = Arc::new(Wire::default());
        let chain = chain(&mut media, &wire, manners.video);
        let (steps_in, steps) = mpsc::unbounded_channel();
        let (frames_in, frames) = mpsc::unbounded_channel();
        let (track_in, track) = watch::channel(None);
        let handler = Handler { steps: steps_in.clone(), frames: frames_in, track: track_in };
        let cut = Cut::default();
        let here = || vec!["127.0.0.1:0".to_owned()];
        let peer = PeerConnectionBuilder::new()
            .with_media_engine(media)
            .with_interceptor_registry(chain)
            .with_setting_engine(
                SettingEngineBuilder::new()
                    .with_sctp_max_message_size(SctpMaxMessageSize::Unbounded)
                    .build(),
            )
            .with_handler(Arc::new(handler))
            .with_runtime(Arc::new(cut.clone()))
            .with_udp_addrs(if manners.tcp { vec![] } else { here() })
            .with_tcp_addrs(if manners.tcp { here() } else { vec![] })
            .build()
            .await
            .unwrap();
        let peer: Arc<dyn PeerConnection> = Arc::new(peer);
        let receive = RTCRtpTransceiverInit {
            direction: RTCRtpTransceiverDirection::Recvonly,
            ..Default::default()
        };
        if !matches!(manners.video, Video::None) {
            peer.add_transceiver_from_kind(RtpCodecKind::Video, Some(receive)).await.unwrap();
        }
        let control = peer.create_data_channel("control", None).await.unwrap();
        let unreliable =
            RTCDataChannelInit { ordered: false, max_retransmits: Some(0), ..Default::default() };
        let pointer = peer.create_data_channel("pointer", Some(unreliable)).await.unwrap();
        let (told_in, told) = mpsc::unbounded_channel();
        if !manners.deaf {
            tokio::spawn(listen(Arc::clone(&control), told_in));
        }
        let painted = None;
        let far = Self {
            peer,
            control,
            wire,
            cut,
            pointer,
            steps,
            steps_in,
            told,
            frames,
            painted,
            track,
        };
        far.offer().await;
        far
    }

    /// Offers, again if it did before.
    pub async fn offer(&self) {
        let offer = self.peer.create_offer(None).await.unwrap();
        let sdp = offer.sdp.clone();
        self.steps_in.send(Negotiation::Offer { sdp }).unwrap();
        self.peer.set_local_description(offer).await.unwrap();
    }
}

impl Drop for Far {
    fn drop(&mut self) {
        let peer = Arc::clone(&self.peer);
        tokio::spawn(async move { peer.close().await });
    }
}

#[async_trait]
impl FarEnd for Far {
    async fn step(&mut self) -> Negotiation {
        self.steps.recv().await.expect("the sender is kept")
    }

    async fn take(&mut self, step: Negotiation) {
        match step {
            Negotiation::Answer { sdp } => {
                // A rude helper sends more than it may.
                let sdp = sdp.replace("a=max-message-size:262144", "a=max-message-size:67108864");
                let answer = RTCSessionDescription::answer(sdp).unwrap();
                self.peer.set_remote_description(answer).await.unwrap();
            }
            Negotiation::Candidate { candidate } if !candidate.candidate.is_empty() => {
                let init = RTCIceCandidateInit {
                    candidate: candidate.candidate,
                    sdp_mid: candidate.sdp_mid,
                    sdp_mline_index: candidate.sdp_m_line_index,
                    ..RTCIceCandidateInit::default()
                };
                // Some are of an address family that this end has not.
                let _ = self.peer.add_ice_candidate(init).await;
            }
            Negotiation::Candidate { .. } => {}
            Negotiation::Offer { .. } => panic!("the agent does not offer"),
        }
    }

    async fn say(&mut self, bytes: &[u8]) {
        self.control.send(BytesMut::from(bytes)).await.unwrap();
    }

    async fn point(&mut self, bytes: &[u8]) {
        self.pointer.send(BytesMut::from(bytes)).await.unwrap();
    }

    async fn want_key_frame(&mut self) {
        let track = self.track.wait_for(Option::is_some).await.unwrap().clone();
        let (track, media_ssrc) = track.unwrap();
        let request = PictureLossIndication { sender_ssrc: 0, media_ssrc };
        track.write_rtcp(vec![Box::new(request)]).await.unwrap();
    }

    async fn be_silent(&mut self) {}

    async fn told(&mut self) -> Option<ToHelper> {
        self.told.recv().await
    }

    async fn open_tiles(&mut self) {
        let channel = self.peer.create_data_channel("tiles", None).await.unwrap();
        let (painted, is_painted) = mpsc::unbounded_channel();
        self.painted = Some(is_painted);
        tokio::spawn(async move {
            while let Some(event) = channel.poll().await {
                if let DataChannelEvent::OnMessage(message) = event {
                    let _ = painted.send(message.data.freeze());
                }
            }
        });
    }

    async fn painted(&mut self) -> Bytes {
        self.painted.as_mut().unwrap().recv().await.expect("the link is up")
    }

    async fn shown(&mut self) -> Vec<u8> {
        let shown = tokio::time::timeout(Duration::from_secs(30), self.frames.recv());
        shown.await.expect("a picture in time").expect("the link is up")
    }
}

async fn listen(channel: Arc<dyn DataChannel>, told: mpsc::UnboundedSender<ToHelper>) {
    while let Some(event) = channel.poll().await {
        match event {
            DataChannelEvent::OnMessage(message) => {
                told.send(decode(&message.data).unwrap()).unwrap();
            }
            DataChannelEvent::OnClose => return,
            _ => {}
        }
    }
}

struct Handler {
    steps: mpsc::UnboundedSender<Negotiation>,
    frames: mpsc::UnboundedSender<Vec<u8>>,
    track: watch::Sender<Option<(Arc<dyn TrackRemote>, u32)>>,
}

#[async_trait]
impl PeerConnectionEventHandler for Handler {
    async fn on_ice_candidate(&self, event: RTCPeerConnectionIceEvent) {
        let init = event.candidate.to_json().unwrap();
        let candidate = IceCandidate {
            candidate: init.candidate,
            sdp_mid: init.sdp_mid,
            sdp_m_line_index: init.sdp_mline_index,
        };
        // Without a receiver the test is over.
        let _ = self.steps.send(Negotiation::Candidate { candidate });
    }

    async fn on_track(&self, track: Arc<dyn TrackRemote>) {
        let (frames, seen) = (self.frames.clone(), self.track.clone());
        tokio::spawn(async move {
            let mut assembler = Assembler::default();
            while let Some(event) = track.poll().await {
                if let TrackRemoteEvent::OnRtpPacket(packet) = event {
                    seen.send_replace(Some((Arc::clone(&track), packet.header.ssrc)));
                    for frame in assembler.put(packet) {
                        let _ = frames.send(frame);
                    }
                }
            }
        });
    }
}

/// What is missing for longer is not sent again.
const LOST: Duration = Duration::from_secs(3);

/// Puts packets in order and frames together; leaves out those of which something is lost.
#[derive(Default)]
struct Assembler {
    next: Option<u16>,
    /// With the time at which they came.
    waiting: BTreeMap<u16, (tokio::time::Instant, rtc::rtp::Packet)>,
    unit: H264Packet,
    frame: Vec<u8>,
}

impl Assembler {
    fn put(&mut self, packet: rtc::rtp::Packet) -> Vec<Vec<u8>> {
        self.next.get_or_insert(packet.header.sequence_number);
        self.waiting.insert(packet.header.sequence_number, (tokio::time::Instant::now(), packet));
        let mut frames = Vec::new();
        self.give_up();
        while let Some((_, packet)) = self.next.and_then(|next| self.waiting.remove(&next)) {
            self.next = Some(packet.header.sequence_number.wrapping_add(1));
            self.frame.extend(self.unit.depacketize(&packet.payload).unwrap());
            if packet.header.marker {
                frames.push(std::mem::take(&mut self.frame));
            }
        }
        frames
    }

    /// Goes on after the frame for which the oldest packets have waited too long.
    fn give_up(&mut self) {
        if !self.waiting.values().any(|(came, _)| came.elapsed() > LOST) {
            return;
        }
        let ends = self.waiting.iter().find(|(_, (_, packet))| packet.header.marker);
        let Some(end) = ends.map(|(number, _)| *number) else { return };
        self.waiting = self.waiting.split_off(&end.wrapping_add(1));
        (self.next, self.unit) = (Some(end.wrapping_add(1)), H264Packet::default());
        self.frame.clear();
    }
}

fn chain(media: &mut MediaEngine, wire: &Arc<Wire>, video: Video) -> Registry {
    let (mime_type, format) = match video {
        Video::Vp8 => (MIME_TYPE_VP8, ""),
        Video::H264 | Video::None => (
            MIME_TYPE_H264,
            "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f",
        ),
    };
    let codec = RTCRtpCodec {
        mime_type: mime_type.to_owned(),
        clock_rate: 90_000,
        channels: 0,
        sdp_fmtp_line: format.to_owned(),
        rtcp_feedback: vec![],
    };
    let codec = RTCRtpCodecParameters { rtp_codec: codec, payload_type: 108 };
    media.register_codec(codec, RtpCodecKind::Video).unwrap();
    let uri = "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay".to_owned();
    let delay = RTCRtpHeaderExtensionCapability { uri };
    media.register_header_extension(delay, RtpCodecKind::Video, None).unwrap();
    let tap = Tap { wire: Arc::clone(wire), ..Tap::default() };
    register_default_interceptors(Registry::new(), media).unwrap().with(Slot::from(500), tap)
}

/// Counts packets where they come in.
#[derive(Default)]
struct Tap {
    wire: Arc<Wire>,
    inbound: VecDeque<TaggedPacket>,
    outbound: VecDeque<TaggedPacket>,
}

impl Protocol<TaggedPacket, TaggedPacket, ()> for Tap {
    type Rout = TaggedPacket;
    type Wout = TaggedPacket;
    type Eout = ();
    type Error = rtc::shared::error::Error;
    type Time = Instant;

    fn handle_read(&mut self, packet: TaggedPacket) -> Result<(), Self::Error> {
        if let Packet::Rtp(rtp) = &packet.message.packet {
            let header = &rtp.header;
            self.wire.packets.fetch_add(1, Ordering::Relaxed);
            let mut extensions = header.extensions.iter();
            if !extensions.any(|extension| extension.payload.as_ref() == [0, 0, 0]) {
                self.wire.delayed.fetch_add(1, Ordering::Relaxed);
            }
        }
        self.inbound.push_back(packet);
        Ok(())
    }

    fn poll_read(&mut self) -> Option<TaggedPacket> {
        self.inbound.pop_front()
    }

    fn handle_write(&mut self, packet: TaggedPacket) -> Result<(), Self::Error> {
        self.outbound.push_back(packet);
        Ok(())
    }

    fn poll_write(&mut self) -> Option<TaggedPacket> {
        self.outbound.pop_front()
    }
}

impl Interceptor for Tap {
    fn bind_local_stream(&mut self, _: &StreamInfo) {}
    fn unbind_local_stream(&mut self, _: &StreamInfo) {}
    fn bind_remote_stream(&mut self, _: &StreamInfo) {}
    fn unbind_remote_stream(&mut self, _: &StreamInfo) {}
}
