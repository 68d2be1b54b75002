//! The library's peer connection, set up for one picture and two channels.

use std::sync::Arc;
use std::time::Duration;

use ::webrtc::data_channel::DataChannel;
use ::webrtc::error::Error;
use ::webrtc::media_stream::track_local::TrackLocal;
use ::webrtc::media_stream::track_local::static_rtp::TrackLocalStaticRTP;
use ::webrtc::peer_connection::{PeerConnection, PeerConnectionBuilder};
use ::webrtc::rtp_transceiver::RtpSender;
use rh_protocol::limits;
use rtc::ice::mdns::MulticastDnsMode;
use rtc::interceptor::{CongestionControlBuilder, PacerBuilder, SenderReportBuilder};
use rtc::media_stream::MediaStreamTrack;
use rtc::peer_connection::configuration::interceptor_registry::{
    Registry, Slot, configure_nack, configure_twcc_sender_only,
};
use rtc::peer_connection::configuration::media_engine::{MIME_TYPE_H264, MediaEngine};
use rtc::peer_connection::configuration::setting_engine::{
    SctpMaxMessageSize, SettingEngine, SettingEngineBuilder,
};
use rtc::peer_connection::transport::RTCDtlsRole;
use rtc::rtp_transceiver::rtp_sender::{
    RTCRtpCodec, RTCRtpCodecParameters, RTCRtpCodingParameters, RTCRtpEncodingParameters,
    RTCRtpHeaderExtensionCapability, RtpCodecKind,
};
use tokio::sync::mpsc;

use super::capacity::Estimate;
use super::config::{Config, Unavailable};
use super::departures::CountDepartures;
use super::handler::Handler;
use super::interfaces::Interfaces;
use super::keyframes::DeliverRequests;
use super::passing::Passing;
use super::resends::LimitResends;
use super::shared::Shared;
use super::sockets::Sockets;
use super::video::{PLAYOUT_DELAY_URI, Packetizer};

/// Counts what leaves below everything else.
const NEXT_TO_WIRE: usize = 500;
/// Limits what is sent again between who sends it and the pacer.
const ABOVE_PACER: usize = 3_500;
/// Marks requests above everything else.
const NEXT_TO_APPLICATION: usize = 14_000;
/// Bytes under way on one channel beyond which sending waits.
const SEND_BUFFER: usize = 1024 * 1024;
/// Bytes of the largest message that is taken in: more than a message may have, so that one that
/// is too long is counted and does not block those behind it.
const LARGEST: u32 = 4 * limits::MESSAGE_BYTES as u32;
/// A path that answers no check for this long is disturbed; for `FAILED`, lost (RFC 7675).
const DISTURBED: Duration = Duration::from_secs(5);
const FAILED: Duration = Duration::from_secs(25);
/// How often the helper is told when the newest picture was sent (RFC 3550, section 6.2): one stream
/// needs no other to be in time with.
const REPORT: Duration = Duration::from_secs(5);
/// How often a path is kept open.
const KEEP_ALIVE: Duration = Duration::from_secs(2);

/// A peer connection and what comes with it.
pub(super) struct Peer {
    pub(super) connection: Arc<dyn PeerConnection>,
    pub(super) sender: Arc<dyn RtpSender>,
    pub(super) track: Arc<TrackLocalStaticRTP>,
    pub(super) packetizer: Packetizer,
    /// Channels that the helper opens.
    pub(super) channels: mpsc::UnboundedReceiver<Arc<dyn DataChannel>>,
}

/// Makes a peer connection and binds its sockets.
pub(super) async fn build(config: &Config, shared: &Arc<Shared>) -> Result<Peer, Unavailable> {
    connect(config, shared).await.map_err(|error| Unavailable(error.to_string()))
}

async fn connect(config: &Config, shared: &Arc<Shared>) -> Result<Peer, Error> {
    let mut media = MediaEngine::default();
    let chain = media_path(config, shared, &mut media)?;
    let (opened, channels) = mpsc::unbounded_channel();
    let handler = Handler { shared: Arc::clone(shared), channels: opened };
    let interfaces = Interfaces { loopback: config.loopback };
    let connection = PeerConnectionBuilder::new()
        .with_media_engine(media)
        .with_setting_engine(settings())
        .with_interceptor_registry(chain)
        .with_handler(Arc::new(handler))
        .with_runtime(Arc::new(Sockets(Arc::clone(&shared.second_try))))
        .with_udp_addrs(if config.udp { vec![interfaces] } else { vec![] })
        .with_tcp_addrs(if config.tcp { vec![interfaces] } else { vec![] })
        .with_data_channel_send_buffer_limit(SEND_BUFFER)
        .build()
        .await?;
    let connection: Arc<dyn PeerConnection> = Arc::new(connection);

    let [ssrc, numbers] = random()?;
    let track = Arc::new(TrackLocalStaticRTP::new(picture(ssrc)));
    let sender = connection.add_track(Arc::clone(&track) as Arc<dyn TrackLocal>).await?;
    let packetizer = Packetizer::new(ssrc, numbers as u16);
    Ok(Peer { connection, sender, track, packetizer, channels })
}

/// What each packet passes: retransmission (RFC 4585), reports (RFC 3550), congestion control.
fn media_path(
    config: &Config,
    shared: &Arc<Shared>,
    media: &mut MediaEngine,
) -> Result<Registry, Error> {
    let codec = RTCRtpCodecParameters { rtp_codec: h264(), payload_type: 102 };
    media.register_codec(codec, RtpCodecKind::Video)?;
    let delay = RTCRtpHeaderExtensionCapability { uri: PLAYOUT_DELAY_URI.to_owned() };
    media.register_header_extension(delay, RtpCodecKind::Video, None)?;

    let estimate = Estimate::new(config, Arc::clone(shared));
    let start = f64::from(config.start_bitrate);
    // What waits is bounded by `Departures`; a full queue would lose packets without a word.
    let pacer = PacerBuilder::new().with_target_bitrate(start).with_queue_limit(usize::MAX);
    let reports = SenderReportBuilder::new().with_interval(REPORT);
    let chain = configure_nack(Registry::new(), media).with(Slot::SenderReport, reports.build());
    let count = CountDepartures(Arc::clone(&shared.departures));
    let limit = LimitResends::new(Arc::clone(&shared.departures));
    Ok(configure_twcc_sender_only(chain, media)?
        .with(Slot::CongestionControl, CongestionControlBuilder::new(estimate).build())
        .with(Slot::Pacer, pacer.build())
        .with(Slot::from(NEXT_TO_WIRE), Passing::new(count))
        .with(Slot::from(ABOVE_PACER), Passing::new(limit))
        .with(Slot::from(NEXT_TO_APPLICATION), Passing::new(DeliverRequests)))
}

fn settings() -> SettingEngine {
    SettingEngineBuilder::new()
        // The helper starts DTLS as soon as it has the answer; a round trip less (RFC 8842).
        .with_answering_dtls_role(RTCDtlsRole::Server)
        // A browser that hides its addresses behind mDNS names reaches us, not we it.
        .with_multicast_dns_mode(MulticastDnsMode::Disabled)
        .with_discard_local_candidates_during_ice_restart(true)
        .with_ice_timeouts(Some(DISTURBED), Some(FAILED), Some(KEEP_ALIVE))
        .with_sctp_max_message_size(SctpMaxMessageSize::Bounded(LARGEST))
        .build()
}

/// Constrained baseline, as every browser decodes it (RFC 7742, section 6.2).
fn h264() -> RTCRtpCodec {
    RTCRtpCodec {
        mime_type: MIME_TYPE_H264.to_owned(),
        clock_rate: 90_000,
        channels: 0,
        sdp_fmtp_line: "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"
            .to_owned(),
        rtcp_feedback: vec![],
    }
}

fn picture(ssrc: u32) -> MediaStreamTrack {
    let encoding = RTCRtpEncodingParameters {
        rtp_coding_parameters: RTCRtpCodingParameters { ssrc: Some(ssrc), ..Default::default() },
        codec: h264(),
        ..Default::default()
    };
    let name = || "screen".to_owned();
    MediaStreamTrack::new(name(), name(), name(), RtpCodecKind::Video, vec![encoding])
}

fn random() -> Result<[u32; 2], Error> {
    let mut numbers = [0; 2];
    for number in &mut numbers {
        *number = getrandom::u32().map_err(|e| Error::Other(e.to_string()))?;
    }
    Ok(numbers)
}
