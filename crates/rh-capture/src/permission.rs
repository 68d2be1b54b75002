//! Whether pictures may be taken.

use crate::CaptureError;

/// Whether pictures may be taken.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Permission {
    /// They may.
    Granted,
    /// They may not: ask for it. macOS does not tell a person's no from never having been asked.
    Missing,
    /// The system says yes and yet gives none, as macOS does after an update or a new signature:
    /// remove the program from the list in the settings, add it anew and start it again.
    Stale,
    /// It could not be found out, as while the display sleeps: try later.
    Unknown,
}

/// Judges what the system says (`claimed`) by what came of asking for one picture. A picture is
/// proof, whatever is claimed: macOS may repeat an old answer for as long as a process lives.
pub(crate) fn judge(claimed: bool, picture: &Result<bool, CaptureError>) -> Permission {
    match (claimed, picture) {
        (_, Ok(true)) => Permission::Granted,
        (false, Ok(false) | Err(_)) => Permission::Missing,
        (true, Ok(false) | Err(CaptureError::Denied)) => Permission::Stale,
        (true, Err(_)) => Permission::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// B-02, S-30: every case of the matrix.
    #[test]
    fn a_picture_is_proof_and_a_claim_is_not() {
        let asleep = || Err(CaptureError::Asleep);
        let denied = || Err(CaptureError::Denied);
        let cases = [
            (true, Ok(true), Permission::Granted),
            (false, Ok(true), Permission::Granted),
            (true, Ok(false), Permission::Stale),
            (true, denied(), Permission::Stale),
            (true, asleep(), Permission::Unknown),
            (false, Ok(false), Permission::Missing),
            (false, denied(), Permission::Missing),
            (false, asleep(), Permission::Missing),
        ];
        for (claimed, picture, judged) in cases {
            assert_eq!(judge(claimed, &picture), judged, "{claimed} {picture:?}");
        }
    }
}
