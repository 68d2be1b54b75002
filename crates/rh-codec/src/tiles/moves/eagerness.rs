//! How eagerly to search for what has moved.
//!
//! What changes without moving, such as a film, is searched in vain: there are fewer and fewer tries
//! until something is found.

/// Searches in vain from which on some are left out.
const FEW: u32 = 8;
/// Then one look in so many is followed by a search.
const SELDOM: u32 = 4;
/// At most so many looks go by between two thorough searches.
const PATIENCE: u32 = 64;

/// How a search is to be done.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::tiles) enum Search {
    /// Not at all.
    None,
    /// For what moves up or down.
    Quick,
    /// For what moves in any direction.
    Thorough,
}

/// The looks at which much changed since something was found.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::tiles) struct Eagerness(u32);

impl Eagerness {
    /// How the next search is to be done.
    pub(in crate::tiles) const fn search(self) -> Search {
        let Self(failures) = self;
        let doubled = failures & failures.saturating_sub(1) == 0;
        if doubled || failures.is_multiple_of(PATIENCE) {
            Search::Thorough
        } else if failures < FEW || failures.is_multiple_of(SELDOM) {
            Search::Quick
        } else {
            Search::None
        }
    }

    /// Takes note of what came of it, or that there was none.
    pub(in crate::tiles) const fn searched(&mut self, found: bool) {
        self.0 = if found { 0 } else { self.0.saturating_add(1) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longer_nothing_moves_the_less_is_searched() {
        let mut eagerness = Eagerness::default();
        let mut next = || {
            let search = eagerness.search();
            eagerness.searched(false);
            search
        };
        let searches: Vec<_> = (0..256).map(|_| next()).collect();
        assert_eq!(searches[..3], [Search::Thorough; 3]);
        assert!(!searches[..8].contains(&Search::None));
        let count = |kind| searches[128..].iter().filter(|it| **it == kind).count();
        assert_eq!([Search::Thorough, Search::Quick, Search::None].map(count), [2, 30, 96]);
    }

    #[test]
    fn whatever_moves_is_searched_for_again_at_once() {
        let mut eagerness = Eagerness(99);
        eagerness.searched(true);
        assert_eq!(eagerness.search(), Search::Thorough);
        assert_eq!(Eagerness(u32::MAX).search(), Search::None);
    }
}
