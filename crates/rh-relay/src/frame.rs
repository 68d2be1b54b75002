//! TURN messages on a stream (RFC 8656, section 12.5; RFC 8489, section 6.2.2).
//!
//! A STUN message tells its length; ChannelData does too, and is padded to four bytes on a stream.

/// Bytes of the longest message that is taken: more than any datagram of a session, and no more than
/// the relay reads at once.
pub const LONGEST: usize = 1500;
/// Bytes of what comes before a STUN message's attributes.
pub const STUN_HEAD: usize = 20;
/// Bytes of what comes before the data of ChannelData.
const CHANNEL_HEAD: usize = 4;
/// RFC 8489, section 5.
const MAGIC_COOKIE: [u8; 4] = [0x21, 0x12, 0xA4, 0x42];

/// What one message is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// A STUN message.
    Stun,
    /// ChannelData.
    Channel,
}

/// The bytes are no TURN; what follows cannot be read either.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Garbage;

impl std::fmt::Display for Garbage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("what was sent is not TURN")
    }
}

impl std::error::Error for Garbage {}

/// Whether a connection that begins with `first` may be one of TURN: the two highest bits of STUN are
/// zero, and no method has more than the two lowest of this byte (RFC 7983, section 7).
pub fn begins(first: u8) -> bool {
    first <= 0x03
}

/// What a whole message is.
///
/// # Errors
///
/// [`Garbage`] if it is neither, or not whole.
pub fn kind(message: &[u8]) -> Result<Kind, Garbage> {
    let (kind, length) = measure(message)?.ok_or(Garbage)?;
    // A datagram may be padded, or not.
    let padded = kind == Kind::Channel && message.len() == padded(length);
    if message.len() == length || padded { Ok(kind) } else { Err(Garbage) }
}

/// Takes messages from the bytes of a stream.
#[derive(Debug, Default)]
pub struct Reader {
    bytes: Vec<u8>,
    taken: usize,
}

impl Reader {
    /// Takes in what was received.
    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.drain(..std::mem::take(&mut self.taken));
        self.bytes.extend_from_slice(bytes);
    }

    /// The next message without padding, if all of it is there.
    ///
    /// # Errors
    ///
    /// [`Garbage`]; the stream is then of no use any more.
    pub fn take(&mut self) -> Result<Option<&[u8]>, Garbage> {
        let rest = &self.bytes[self.taken..];
        let Some((kind, length)) = measure(rest)? else { return Ok(None) };
        let whole = if kind == Kind::Channel { padded(length) } else { length };
        if rest.len() < whole {
            return Ok(None);
        }
        let begin = self.taken;
        self.taken += whole;
        Ok(Some(&self.bytes[begin..begin + length]))
    }
}

/// A message as it goes onto a stream.
pub fn for_stream(mut message: Vec<u8>) -> Vec<u8> {
    if message.first().is_some_and(|first| first & 0xC0 == 0x40) {
        message.resize(padded(message.len()), 0);
    }
    message
}

/// What begins here and how long it is, unless too little is there to tell.
fn measure(bytes: &[u8]) -> Result<Option<(Kind, usize)>, Garbage> {
    let Some(&[first, _, high, low]) = bytes.first_chunk() else { return Ok(None) };
    let rest = usize::from(u16::from_be_bytes([high, low]));
    let (kind, length) = match first {
        // STUN's attributes are padded.
        0x00..=0x03 if rest % 4 == 0 => (Kind::Stun, STUN_HEAD + rest),
        // The channels there may be (RFC 8656, section 12).
        0x40..=0x4F => (Kind::Channel, CHANNEL_HEAD + rest),
        _ => return Err(Garbage),
    };
    let cookie = bytes.get(4..8).is_none_or(|cookie| cookie == MAGIC_COOKIE);
    if length > LONGEST || (kind == Kind::Stun && !cookie) {
        return Err(Garbage);
    }
    Ok(Some((kind, length)))
}

fn padded(length: usize) -> usize {
    length.next_multiple_of(4)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn stun(attributes: usize) -> Vec<u8> {
        let mut message = vec![0, 1, 0, attributes as u8];
        message.extend(MAGIC_COOKIE);
        message.resize(STUN_HEAD + attributes, 7);
        message
    }

    fn channel(data: usize) -> Vec<u8> {
        let mut message = vec![0x40, 1, 0, data as u8];
        message.resize(CHANNEL_HEAD + data, 9);
        message
    }

    #[test]
    fn messages_are_found_however_they_are_cut() {
        let sent = [stun(0), channel(3), channel(0), stun(8), channel(4)];
        let stream: Vec<u8> = sent.iter().cloned().flat_map(for_stream).collect();
        for size in 1..stream.len() {
            let (mut reader, mut found) = (Reader::default(), Vec::new());
            for piece in stream.chunks(size) {
                reader.push(piece);
                while let Some(message) = reader.take().unwrap() {
                    found.push(message.to_vec());
                }
            }
            assert_eq!(found, sent, "in pieces of {size}");
        }
    }

    #[test]
    fn what_is_no_turn_is_known_by_its_first_bytes() {
        let read = |bytes: &[u8]| {
            let mut reader = Reader::default();
            reader.push(bytes);
            reader.take().map(|message| message.map(<[u8]>::to_vec))
        };
        assert_eq!(read(b"GET / HTTP/1.1\r\n"), Err(Garbage));
        assert_eq!(read(&[0x16, 3, 1, 2, 0]), Err(Garbage), "a TLS handshake");
        assert_eq!(read(&[0x40, 1, 0xFF, 0xFF]), Err(Garbage), "longer than anything may be");
        assert_eq!(read(&[0, 1, 0, 3]), Err(Garbage), "attributes are padded");
        assert_eq!(read(&[0, 1, 0, 0, 1, 2, 3, 4]), Err(Garbage), "no magic cookie");
        assert_eq!(read(&[0, 1, 0]), Ok(None));
    }

    proptest! {
        /// Garbage never panics, and never makes the reader keep more than one message.
        #[test]
        fn garbage_is_harmless(pieces: Vec<Vec<u8>>) {
            let mut reader = Reader::default();
            'stream: for piece in pieces {
                reader.push(&piece);
                loop {
                    match reader.take() {
                        Ok(Some(message)) => prop_assert!(message.len() <= LONGEST),
                        Ok(None) => break,
                        Err(Garbage) => break 'stream,
                    }
                }
                prop_assert!(reader.bytes.len() - reader.taken <= LONGEST + 3);
            }
        }

        #[test]
        fn a_datagram_is_one_whole_message_or_nothing(bytes: Vec<u8>) {
            if let Ok(kind) = kind(&bytes) {
                prop_assert_eq!(kind == Kind::Stun, begins(bytes[0]));
            }
        }
    }
}
