//! Strategies that make any valid message.

use proptest::option;
use proptest::prelude::*;
use rh_protocol::{
    Background, Button, Client, Consent, DesktopState, DeviceClaim, DeviceProof, Display,
    DisplayId, EndReason, FromClient, FromHelper, IceCandidate, IdentityCard, InputEvent,
    Introduction, Key, Negotiation, Oddity, OddityCode, PathReason, Point, PointerMove, Refusal,
    Role, SessionId, Shown, SignatureAlgorithm, ToClient, ToHelper, limits,
};

pub(crate) fn from_client() -> impl Strategy<Value = FromClient> {
    prop_oneof![
        (any::<u16>(), client())
            .prop_map(|(version, client)| FromClient::Hello { version, client }),
        option::of(any::<String>()).prop_map(|device| FromClient::NewSession { device }),
        Just(FromClient::Challenge),
        device().prop_map(|device| FromClient::Device { device }),
        any::<String>().prop_map(|code| FromClient::Join { code }),
        role().prop_map(|role| FromClient::Request { role }),
        (role(), consent(), option::of(shown()))
            .prop_map(|(role, consent, shown)| FromClient::Answer { role, consent, shown }),
        negotiation().prop_map(|step| FromClient::Negotiate { step }),
        Just(FromClient::Relay),
        any::<String>().prop_map(|text| FromClient::Chat { text }),
        (any::<String>(), any::<bool>())
            .prop_map(|(code, stays)| FromClient::Introduce { code, stays }),
        end().prop_map(|reason| FromClient::Leave { reason }),
    ]
}

pub(crate) fn to_client() -> impl Strategy<Value = ToClient> {
    prop_oneof![
        (any::<u16>(), card(), option::of(any::<String>()))
            .prop_map(|(version, you, key)| ToClient::Welcome { version, you, key }),
        (session(), "[0-9]{8}", any::<u32>()).prop_map(|(session, code, expires_in)| {
            ToClient::Session { session, code, expires_in }
        }),
        any::<String>().prop_map(|challenge| ToClient::Challenge { challenge }),
        (session(), card()).prop_map(|(session, peer)| ToClient::Joined { session, peer }),
        (session(), background())
            .prop_map(|(session, background)| ToClient::Background { session, background }),
        role().prop_map(|role| ToClient::Requested { role }),
        (role(), consent()).prop_map(|(role, consent)| ToClient::Answered { role, consent }),
        any::<String>().prop_map(|record| ToClient::Recorded { record }),
        negotiation().prop_map(|step| ToClient::Negotiate { step }),
        end().prop_map(|reason| ToClient::Ended { reason }),
        Just(ToClient::PeerVanished),
        (any::<String>(), any::<bool>())
            .prop_map(|(code, stays)| ToClient::Introduced { code, stays }),
        (any::<u32>(), client(), any::<String>()).prop_map(|(place, from, text)| ToClient::Chat {
            place,
            from,
            text
        }),
        (refusal(), option::of(any::<u32>()))
            .prop_map(|(refusal, retry_in)| ToClient::Refused { refusal, retry_in }),
    ]
}

fn client() -> impl Strategy<Value = Client> {
    prop_oneof![Just(Client::Helper), Just(Client::Agent)]
}

pub(crate) fn from_helper() -> impl Strategy<Value = FromHelper> {
    prop_oneof![
        any::<u16>().prop_map(|version| FromHelper::Hello { version }),
        (any::<u32>(), input()).prop_map(|(seq, event)| FromHelper::Input { seq, event }),
        any::<u32>().prop_map(|id| FromHelper::Select { display: DisplayId(id) }),
        any::<u32>().prop_map(|nonce| FromHelper::Ping { nonce }),
        "[0-9a-f]{64}".prop_map(|nonce| FromHelper::SasNonce { nonce }),
        end().prop_map(|reason| FromHelper::Bye { reason }),
    ]
}

pub(crate) fn to_helper() -> impl Strategy<Value = ToHelper> {
    let displays = proptest::collection::vec(display(), 0..4);
    prop_oneof![
        any::<u16>().prop_map(|version| ToHelper::Hello { version }),
        role().prop_map(|role| ToHelper::Granted { role }),
        (displays, any::<u32>()).prop_map(|(displays, current)| {
            ToHelper::Displays { displays, current: DisplayId(current) }
        }),
        ("[A-Za-z0-9+/]{0,64}", any::<u16>(), any::<u16>())
            .prop_map(|(png, hot_x, hot_y)| ToHelper::CursorShape { png, hot_x, hot_y }),
        option::of(point()).prop_map(|at| ToHelper::CursorAt { at }),
        any::<u32>().prop_map(|nonce| ToHelper::Pong { nonce }),
        "[0-9a-f]{64}".prop_map(|commitment| ToHelper::SasCommitment { commitment }),
        "[0-9a-f]{64}".prop_map(|nonce| ToHelper::SasNonce { nonce }),
        any::<bool>().prop_map(|paused| ToHelper::InputPaused { paused }),
        prop::sample::select(PathReason::ALL.as_slice()).prop_map(|why| ToHelper::Path { why }),
        prop::sample::select(DesktopState::ALL.as_slice())
            .prop_map(|state| ToHelper::Desktop { state }),
        introduction().prop_map(|state| ToHelper::Introduction { state }),
        end().prop_map(|reason| ToHelper::Ended { reason }),
    ]
}

pub(crate) fn pointer_move() -> impl Strategy<Value = PointerMove> {
    (any::<u32>(), point()).prop_map(|(seq, at)| PointerMove { seq, at })
}

fn input() -> impl Strategy<Value = InputEvent> {
    let button = prop::sample::select(Button::ALL.as_slice());
    let scroll = || -limits::SCROLL..=limits::SCROLL;
    prop_oneof![
        point().prop_map(|at| InputEvent::Move { at }),
        (button, any::<bool>(), point()).prop_map(|(button, down, at)| InputEvent::Button {
            button,
            down,
            at
        }),
        (scroll(), scroll(), point()).prop_map(|(dx, dy, at)| InputEvent::Scroll { dx, dy, at }),
        (prop::sample::select(Key::ALL), any::<bool>())
            .prop_map(|(key, down)| InputEvent::Key { key, down }),
        any::<String>().prop_map(|text| InputEvent::Text { text }),
        Just(InputEvent::ReleaseAll),
    ]
}

fn point() -> impl Strategy<Value = Point> {
    (any::<u32>(), 0.0..=1.0_f32, 0.0..=1.0_f32)
        .prop_map(|(id, x, y)| Point::new(DisplayId(id), x, y).expect("the shares are in range"))
}

fn display() -> impl Strategy<Value = Display> {
    let place = (any::<i32>(), any::<i32>(), 1..=u32::MAX, 1..=u32::MAX);
    let scale = prop::sample::select(vec![1.0, 1.25, 2.0]);
    (any::<u32>(), any::<String>(), place, scale, any::<bool>()).prop_map(
        |(id, name, (x, y, width, height), scale, primary)| {
            let id = DisplayId(id);
            Display { id, name, x, y, width, height, scale, primary }
        },
    )
}

fn shown() -> impl Strategy<Value = Shown> {
    let text = || option::of(any::<String>());
    (any::<String>(), any::<String>(), any::<String>(), text(), text()).prop_map(
        |(nonce, wording, language, helper_fingerprint, sharer_fingerprint)| Shown {
            nonce,
            wording,
            language,
            helper_fingerprint,
            sharer_fingerprint,
        },
    )
}

fn background() -> impl Strategy<Value = Background> {
    let codes = [OddityCode::LooksAlike, OddityCode::SameName, OddityCode::MixedScripts];
    let oddity = (prop::sample::select(codes.to_vec()), option::of(any::<String>()))
        .prop_map(|(code, like)| Oddity { code, like });
    let oddities = proptest::collection::vec(oddity, 0..4);
    (option::of(any::<u32>()), option::of(any::<bool>()), oddities)
        .prop_map(|(code_age, met_before, oddities)| Background { code_age, met_before, oddities })
}

fn card() -> impl Strategy<Value = IdentityCard> {
    let text = || option::of(any::<String>());
    (text(), text(), text(), text(), text()).prop_map(
        |(full_name, job_title, company, picture, verified_domain)| IdentityCard {
            full_name,
            job_title,
            company,
            picture,
            verified_domain,
        },
    )
}

fn negotiation() -> impl Strategy<Value = Negotiation> {
    let candidate = (any::<String>(), option::of(any::<String>()), option::of(any::<u16>()));
    prop_oneof![
        any::<String>().prop_map(|sdp| Negotiation::Offer { sdp }),
        any::<String>().prop_map(|sdp| Negotiation::Answer { sdp }),
        candidate.prop_map(|(candidate, sdp_mid, sdp_m_line_index)| Negotiation::Candidate {
            candidate: IceCandidate { candidate, sdp_mid, sdp_m_line_index },
        }),
    ]
}

fn device() -> impl Strategy<Value = DeviceClaim> {
    let texts = (any::<String>(), any::<String>(), any::<String>());
    let certificates = proptest::collection::vec(any::<String>(), 0..4);
    let proof = (texts, certificates).prop_map(|((challenge, origin, signature), certificates)| {
        let algorithm = SignatureAlgorithm::Es256;
        DeviceProof { challenge, origin, certificates, algorithm, signature }
    });
    let text = || option::of(any::<String>());
    (text(), text(), option::of(proof)).prop_map(|(serial, udid, proof)| DeviceClaim {
        serial,
        udid,
        proof,
    })
}

fn session() -> impl Strategy<Value = SessionId> {
    any::<u128>().prop_map(SessionId)
}

fn role() -> impl Strategy<Value = Role> {
    prop_oneof![Just(Role::View), Just(Role::Control)]
}

fn consent() -> impl Strategy<Value = Consent> {
    prop_oneof![Just(Consent::Allow), Just(Consent::Decline)]
}

fn end() -> impl Strategy<Value = EndReason> {
    prop::sample::select(vec![
        EndReason::Declined,
        EndReason::NoAnswer,
        EndReason::SharerEnded,
        EndReason::HelperEnded,
        EndReason::HelperLeft,
        EndReason::Crashed,
        EndReason::ConnectionLost,
        EndReason::CaptureFailed,
        EndReason::Version,
        EndReason::ServiceEnded,
        EndReason::HandedOver,
        EndReason::AdministratorEnded,
        EndReason::Other,
    ])
}

fn introduction() -> impl Strategy<Value = Introduction> {
    prop::sample::select(vec![
        Introduction::Arrived,
        Introduction::Allowed,
        Introduction::Gone,
        Introduction::Code,
        Introduction::Denied,
        Introduction::Full,
        Introduction::Other,
    ])
}

fn refusal() -> impl Strategy<Value = Refusal> {
    prop::sample::select(vec![
        Refusal::Code,
        Refusal::CodeFormat,
        Refusal::TooManyAttempts,
        Refusal::Version,
        Refusal::NotAllowed,
        Refusal::Busy,
        Refusal::Stopping,
        Refusal::Other,
    ])
}
