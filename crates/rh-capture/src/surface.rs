//! A picture in memory that belongs to the platform.

use std::any::Any;
use std::fmt;

use crate::{CaptureError, Pixels};

/// A picture that an encoder of the same platform takes as it is, without a copy, and that everyone
/// else can read.
///
/// Such an encoder asks by `<dyn Any>::downcast_ref` for the one type it knows: on macOS that is
/// `rh_capture::macos::PixelBuffer`, which it may retain beyond the [`Frame`](crate::Frame).
pub trait Surface: Any + fmt::Debug + Send + Sync {
    /// Lends the pixels, which are never a [`Pixels::Surface`] again, to `reader`, once.
    ///
    /// # Errors
    ///
    /// [`CaptureError::Platform`] if the platform refuses, and `reader` was not called.
    fn read(&self, reader: &mut dyn FnMut(Pixels<'_>)) -> Result<(), CaptureError>;
}

impl Pixels<'_> {
    /// Lends the pixels as bytes in memory to `reader`: at once, or for as long as the surface that
    /// holds them stays locked.
    ///
    /// # Errors
    ///
    /// As [`Surface::read`].
    pub fn in_memory<R>(self, reader: impl FnOnce(Pixels<'_>) -> R) -> Result<R, CaptureError> {
        let Self::Surface(surface) = self else { return Ok(reader(self)) };
        let (mut reader, mut result) = (Some(reader), None);
        surface.read(&mut |pixels| {
            if let Some(reader) = reader.take() {
                result = Some(reader(pixels));
            }
        })?;
        result.ok_or_else(|| CaptureError::Platform {
            context: "read the picture",
            detail: "the surface lent no pixels".to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Fake {
        lent: usize,
    }

    impl Surface for Fake {
        fn read(&self, reader: &mut dyn FnMut(Pixels<'_>)) -> Result<(), CaptureError> {
            for _ in 0..self.lent {
                reader(Pixels::Bgrx { data: &[1, 2, 3, 0], stride: 4 });
            }
            Ok(())
        }
    }

    fn first(pixels: Pixels<'_>) -> Option<u8> {
        let Pixels::Bgrx { data, .. } = pixels else { return None };
        data.first().copied()
    }

    #[test]
    fn pixels_of_a_surface_and_in_memory_read_alike() {
        let surface = Pixels::Surface(&Fake { lent: 1 });
        let memory = Pixels::Bgrx { data: &[1, 2, 3, 0], stride: 4 };
        assert_eq!(surface.in_memory(first), Ok(Some(1)));
        assert_eq!(memory.in_memory(first), Ok(Some(1)));
    }

    #[test]
    fn a_surface_that_lends_nothing_is_an_error_and_one_that_repeats_itself_is_read_once() {
        assert!(Pixels::Surface(&Fake { lent: 0 }).in_memory(first).is_err());
        let mut times = 0;
        Pixels::Surface(&Fake { lent: 2 }).in_memory(|_| times += 1).expect("lent");
        assert_eq!(times, 1);
    }

    #[test]
    fn an_encoder_finds_the_surface_that_it_knows() {
        let surface: &dyn Surface = &Fake { lent: 1 };
        let any: &dyn Any = surface;
        assert!(any.downcast_ref::<Fake>().is_some());
        assert!(any.downcast_ref::<String>().is_none());
    }
}
