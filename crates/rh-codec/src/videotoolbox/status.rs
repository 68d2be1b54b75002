//! What VideoToolbox's numbers mean for the encoder, and for who uses it.
//!
//! The numbers are those of `VTErrors.h`; the build for macOS compares them with the bindings. What
//! Apple's headers leave open is decided by what helps: a session that may have died is made anew
//! once, anything else is told to the caller.

use rh_capture::Size;

use crate::EncodeError;

/// The session was torn down: after sleep, by a change of the graphics processor, or because the
/// system's encoding service ended.
pub(crate) const INVALID_SESSION: i32 = -12903;
/// The encoder failed within.
pub(crate) const ENCODER_MALFUNCTION: i32 = -12912;
/// The encoder is taken away for now.
pub(crate) const ENCODER_NOT_AVAILABLE_NOW: i32 = -12915;
/// The session failed within (macOS 10.15.6 and later).
pub(crate) const SESSION_MALFUNCTION: i32 = -17691;
/// A value is out of range, such as the size of the picture.
pub(crate) const PARAMETER: i32 = -12902;
/// The encoder exists but could not be started.
pub(crate) const COULD_NOT_CREATE_INSTANCE: i32 = -12907;
/// No encoder fits the specification: a virtual machine, or a picture too large for the hardware.
pub(crate) const COULD_NOT_FIND_VIDEO_ENCODER: i32 = -12908;
/// This process may not use the encoder.
pub(crate) const ENCODER_AUTHORIZATION: i32 = -12211;
/// The encoder runs only under Rosetta.
pub(crate) const ENCODER_NEEDS_ROSETTA: i32 = -17693;
/// The encoder does not know this property.
pub(crate) const PROPERTY_NOT_SUPPORTED: i32 = -12900;
/// Memory ran out.
pub(crate) const ALLOCATION_FAILED: i32 = -12904;
/// Pixels of this kind cannot be converted.
pub(crate) const PIXEL_TRANSFER_NOT_SUPPORTED: i32 = -12905;

/// What a status asks for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Meaning {
    /// The session is dead: another may live.
    Lost,
    /// This machine has no such encoder, or not for such pictures.
    Missing,
    /// Something else.
    Other,
}

/// Every status that is known by name.
pub(crate) const TABLE: [(i32, &str, Meaning); 12] = [
    (INVALID_SESSION, "kVTInvalidSessionErr", Meaning::Lost),
    (ENCODER_MALFUNCTION, "kVTVideoEncoderMalfunctionErr", Meaning::Lost),
    (ENCODER_NOT_AVAILABLE_NOW, "kVTVideoEncoderNotAvailableNowErr", Meaning::Lost),
    (SESSION_MALFUNCTION, "kVTSessionMalfunctionErr", Meaning::Lost),
    (PARAMETER, "kVTParameterErr", Meaning::Missing),
    (COULD_NOT_CREATE_INSTANCE, "kVTCouldNotCreateInstanceErr", Meaning::Missing),
    (COULD_NOT_FIND_VIDEO_ENCODER, "kVTCouldNotFindVideoEncoderErr", Meaning::Missing),
    (ENCODER_AUTHORIZATION, "kVTVideoEncoderAuthorizationErr", Meaning::Missing),
    (ENCODER_NEEDS_ROSETTA, "kVTVideoEncoderNeedsRosettaErr", Meaning::Missing),
    (PROPERTY_NOT_SUPPORTED, "kVTPropertyNotSupportedErr", Meaning::Other),
    (ALLOCATION_FAILED, "kVTAllocationFailedErr", Meaning::Other),
    (PIXEL_TRANSFER_NOT_SUPPORTED, "kVTPixelTransferNotSupportedErr", Meaning::Other),
];

/// The longest side that every Mac's H.264 hardware takes; some take more.
const LONGEST_SIDE: u32 = 4096;

/// Why a call did not do its work.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Failure {
    /// A session could not be made.
    Open(i32),
    /// The call named so returned this status.
    Call(&'static str, i32),
    /// The encoder did not answer in time.
    Silent,
    /// The encoder's answer holds no picture.
    Malformed,
}

impl Failure {
    /// Whether a new session may do what this one did not.
    pub(crate) fn is_loss(self) -> bool {
        match self {
            Self::Call(_, status) => meaning(status) == Meaning::Lost,
            Self::Silent => true,
            Self::Open(_) | Self::Malformed => false,
        }
    }

    /// What to tell who asked for a picture of `size`.
    pub(crate) fn into_error(self, size: Size) -> EncodeError {
        let (context, detail) = match self {
            Self::Open(status) if meaning(status) == Meaning::Missing => {
                return missing(status, size);
            }
            Self::Open(status) => ("making a compression session", name(status)),
            Self::Call(call, status) => (call, name(status)),
            Self::Silent => ("compressing the picture", "no answer in time".to_owned()),
            Self::Malformed => ("reading the compressed picture", "it holds none".to_owned()),
        };
        EncodeError::Codec { context, detail }
    }
}

fn missing(status: i32, Size { width, height }: Size) -> EncodeError {
    if width.max(height) > LONGEST_SIDE {
        let detail = "this Mac's encoder takes at most 4096 pixels each way";
        return EncodeError::Size { width, height, detail };
    }
    EncodeError::Unavailable {
        backend: "videotoolbox",
        detail: format!("no hardware encoder for H.264: {}", name(status)),
    }
}

fn meaning(status: i32) -> Meaning {
    find(status).map_or(Meaning::Other, |(_, _, meaning)| *meaning)
}

fn name(status: i32) -> String {
    match find(status) {
        Some((_, name, _)) => format!("{name} ({status})"),
        None => format!("status {status}"),
    }
}

fn find(status: i32) -> Option<&'static (i32, &'static str, Meaning)> {
    TABLE.iter().find(|(known, _, _)| *known == status)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL_HD: Size = Size { width: 1920, height: 1080 };
    const FIVE_K: Size = Size { width: 5120, height: 2880 };

    #[test]
    fn every_status_is_listed_once() {
        for (at, (status, name, _)) in TABLE.iter().enumerate() {
            for (other, other_name, _) in &TABLE[at + 1..] {
                assert!(status != other && name != other_name, "{name}");
            }
        }
    }

    #[test]
    fn a_dead_session_is_told_from_everything_else() {
        let lost: Vec<_> = TABLE
            .iter()
            .map(|(status, _, _)| *status)
            .filter(|status| Failure::Call("encoding", *status).is_loss())
            .collect();
        assert_eq!(lost, [-12903, -12912, -12915, -17691]);
        assert!(Failure::Silent.is_loss());
        assert!(!Failure::Malformed.is_loss());
        assert!(!Failure::Call("encoding", -1).is_loss());
        assert!(!Failure::Open(INVALID_SESSION).is_loss(), "making it is not tried for ever");
    }

    #[test]
    fn a_mac_without_the_hardware_says_so_and_another_backend_is_chosen() {
        for status in [-12902, -12907, -12908, -12211, -17693] {
            let error = Failure::Open(status).into_error(FULL_HD);
            assert!(matches!(error, EncodeError::Unavailable { .. }), "{error}");
        }
        assert_eq!(
            Failure::Open(-12908).into_error(FULL_HD).to_string(),
            "videotoolbox is not available here: no hardware encoder for H.264: \
             kVTCouldNotFindVideoEncoderErr (-12908)"
        );
    }

    #[test]
    fn a_picture_too_large_for_the_hardware_is_a_matter_of_size() {
        let error = Failure::Open(-12908).into_error(FIVE_K);
        assert!(matches!(error, EncodeError::Size { width: 5120, height: 2880, .. }), "{error}");
        let error = Failure::Open(ALLOCATION_FAILED).into_error(FIVE_K);
        assert!(matches!(error, EncodeError::Codec { .. }), "{error}");
    }

    #[test]
    fn what_is_unknown_keeps_its_number() {
        let error = Failure::Call("encoding", -50).into_error(FULL_HD);
        assert_eq!(error.to_string(), "encoding: status -50");
        let error = Failure::Call("encoding", -12905).into_error(FULL_HD);
        assert_eq!(error.to_string(), "encoding: kVTPixelTransferNotSupportedErr (-12905)");
        for failure in [Failure::Silent, Failure::Malformed, Failure::Open(i32::MIN)] {
            assert!(matches!(failure.into_error(FULL_HD), EncodeError::Codec { .. }));
        }
    }
}
