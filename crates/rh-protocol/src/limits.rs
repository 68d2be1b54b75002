//! Every limit of the wire, in one place.

/// Bytes of one message on any channel or WebSocket.
pub const MESSAGE_BYTES: usize = 64 * 1024;

/// Characters of one [`InputEvent::Text`](crate::InputEvent::Text).
pub const TEXT_CHARS: usize = 1024;

/// Characters of one field of an [`IdentityCard`](crate::IdentityCard).
pub const NAME_CHARS: usize = 128;

/// Digits of a code.
pub const CODE_DIGITS: usize = 8;

/// Pixels across and down of the largest cursor image that is sent.
pub const CURSOR_SIDE: u32 = 96;

/// Most scroll of one event in either direction, in pixels.
pub const SCROLL: f32 = 10_000.0;

/// Bytes of one session description (SDP).
pub const SDP_BYTES: usize = 32 * 1024;

/// Displays in one list.
pub const DISPLAYS: usize = 32;

/// Bytes of one [`TileMessage`](crate::tile::TileMessage).
pub const TILE_BYTES: usize = 64_000;

/// Bytes of a tile's message before its coded pixels.
pub const TILE_HEAD_BYTES: usize = 14;

/// Areas that one message gives to the video.
pub const VIDEO_AREAS: usize = (TILE_BYTES - 7) / 8;

/// Bytes of the record of a consent.
pub const RECORD_BYTES: usize = 8 * 1024;

/// Characters of the name of a wording or language.
pub const WORD_CHARS: usize = 64;

/// Characters of a certificate's fingerprint: enough for SHA-512.
pub const FINGERPRINT_CHARS: usize = 256;

/// Bytes of one message of a chat.
pub const CHAT_BYTES: usize = 4096;

/// Messages of one thread.
pub const CHAT_MESSAGES: u32 = 2_000;

/// Reasons, fixes or warnings in one list.
pub const LIST: usize = 32;

/// Certificates in one [`DeviceProof`](crate::DeviceProof).
pub const CERTIFICATES: usize = 8;
