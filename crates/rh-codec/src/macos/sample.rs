//! Reads the samples that VideoToolbox hands out.
#![expect(unsafe_code, reason = "Core Media is a C interface")]

use std::ffi::c_int;
use std::ptr::{self, NonNull};
use std::slice;

use objc2_core_media::{
    CMBlockBuffer, CMFormatDescription, CMSampleBuffer,
    CMVideoFormatDescriptionGetH264ParameterSetAtIndex as parameter_set_at,
};

use crate::videotoolbox::unit::Sample;

/// Copies the units and the parameter sets out of `sample`; `None` if it lacks either.
pub(super) fn read(sample: &CMSampleBuffer) -> Option<Sample> {
    // SAFETY: a getter of a sample that is alive; the reference counts for itself.
    let format = unsafe { sample.format_description() }?;
    // SAFETY: as above.
    let block = unsafe { sample.data_buffer() }?;
    let (count, length_size) = layout(&format)?;
    let parameter_sets = (0..count).map(|at| parameter_set(&format, at)).collect::<Option<_>>()?;
    Some(Sample { length_size, parameter_sets, data: bytes(&block)? })
}

/// How many parameter sets there are, and how long the length before each unit is.
fn layout(format: &CMFormatDescription) -> Option<(usize, usize)> {
    let (mut count, mut length_size): (usize, c_int) = (0, 0);
    let (set, size) = (ptr::null_mut(), ptr::null_mut());
    // SAFETY: the last two point at values that outlive the call; the others may be null.
    let status =
        unsafe { parameter_set_at(format, 0, set, size, &raw mut count, &raw mut length_size) };
    (status == 0).then_some((count, length_size.try_into().ok()?))
}

fn parameter_set(format: &CMFormatDescription, at: usize) -> Option<Vec<u8>> {
    let (mut set, mut size) = (ptr::null(), 0);
    // SAFETY: the first two point at values that outlive the call; the others may be null.
    let status = unsafe {
        let (count, length_size) = (ptr::null_mut(), ptr::null_mut());
        parameter_set_at(format, at, &raw mut set, &raw mut size, count, length_size)
    };
    if status != 0 || set.is_null() {
        return None;
    }
    // SAFETY: by the Get rule the bytes belong to `format`, which outlives this copy.
    Some(unsafe { slice::from_raw_parts(set, size) }.to_vec())
}

fn bytes(block: &CMBlockBuffer) -> Option<Vec<u8>> {
    // SAFETY: a getter of a block that is alive.
    let mut data = vec![0; unsafe { block.data_length() }];
    let to = NonNull::new(data.as_mut_ptr())?.cast();
    // SAFETY: `to` has room for as many bytes as are asked for.
    let status = unsafe { block.copy_data_bytes(0, data.len(), to) };
    (status == 0).then_some(data)
}
