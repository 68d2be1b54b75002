//! What is within a datagram to or from a relay (RFC 8656, section 12.4).

use bytes::Bytes;

/// The number of a channel, which stands for who is reached through it.
pub(super) type Channel = [u8; 2];

/// What a datagram carries, and through which channel; itself if it is for no relay.
pub(super) fn open(datagram: &[u8]) -> (Option<Channel>, &[u8]) {
    let Some((&[first, second, high, low], rest)) = datagram.split_first_chunk() else {
        return (None, datagram);
    };
    let length = usize::from(u16::from_be_bytes([high, low]));
    match rest.get(..length) {
        Some(data) if matches!(first, 0x40..=0x4F) => (Some([first, second]), data),
        Some(_) | None => (None, datagram),
    }
}

/// The datagram that carries `data` through a channel, if it takes one.
pub(super) fn close(channel: Option<Channel>, data: Bytes) -> Bytes {
    match (channel, u16::try_from(data.len())) {
        (Some(channel), Ok(length)) => [&channel, &length.to_be_bytes(), &*data].concat().into(),
        (Some(_) | None, _) => data,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_through_a_channel_is_what_comes_out() {
        let data = Bytes::from_static(&[23, 254, 253]);
        let sent = close(Some([0x40, 0x01]), data.clone());
        assert_eq!(*sent, [0x40, 0x01, 0, 3, 23, 254, 253]);
        assert_eq!(open(&sent), (Some([0x40, 0x01]), &*data));
        let padded = [&*sent, &[0]].concat();
        assert_eq!(open(&padded), (Some([0x40, 0x01]), &*data));
        assert_eq!(close(None, data.clone()), data);
    }

    #[test]
    fn what_is_no_channel_data_is_left_as_it_is() {
        for other in [&[][..], &[0x40, 0, 0], &[0x40, 0, 0, 1], &[23, 0, 0, 0], &[0, 1, 0, 0]] {
            assert_eq!(open(other), (None, other));
        }
    }
}
