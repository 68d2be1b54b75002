//! A decoder that is not ours, for the contract.

use openh264::decoder::Decoder;
use openh264::formats::YUVSource as _;
use rh_capture::Size;
use rh_protocol::EncodedFrame;

/// The sizes of the pictures of a whole stream; each must be shown as soon as it is decoded.
pub(crate) fn sizes(stream: &[EncodedFrame]) -> Vec<Size> {
    let mut decoder = Decoder::new().expect("a decoder");
    let size = |unit: &EncodedFrame| {
        let picture = decoder.decode(&unit.data).expect("decodes").expect("shows at once");
        let (width, height) = picture.dimensions();
        Size { width: width as u32, height: height as u32 }
    };
    stream.iter().map(size).collect()
}
