//! Requests under way, and what gives way where there are too many: first what writes or searches far, then what reads a little.
//! Whoever is refused hears so at once, with when to try again, in place of waiting in a line that only grows. Signing in and
//! out, health and figures always pass: signing in has its own limits, and the others are what one needs when all else is refused.
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use crate::base::{Error, Result};

/// With so many requests under way nothing heavy is begun. 256 of the dearest take two processors about a tenth of a second, which
/// is as long as anyone should wait.
const HEAVY: usize = 256;
/// With so many nothing is begun that does not always pass.
const LIGHT: usize = 1024;

/// How much work a route is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Never refused for lack of room.
    Always,
    /// Reads a little.
    Light,
    /// Writes, or searches far.
    Heavy,
}

/// The requests under way.
#[derive(Debug, Default)]
pub struct InFlight(AtomicUsize);

/// One of them; it ends when this is dropped.
#[derive(Debug)]
pub struct Running(Arc<InFlight>);

impl InFlight {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    /// Begins one; [`Error::Busy`] where there is no room for its weight.
    pub fn begin(self: &Arc<Self>, weight: Weight) -> Result<Running> {
        let before = self.0.fetch_add(1, Ordering::Relaxed);
        let running = Running(Arc::clone(self));
        let fits = match weight {
            Weight::Always => true,
            Weight::Light => before < LIGHT,
            Weight::Heavy => before < HEAVY,
        };
        if fits { Ok(running) } else { Err(Error::Busy) }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_heavy_gives_way_first_and_what_must_pass_always_does() {
        let all = Arc::<InFlight>::default();
        let mut held: Vec<_> = (0..HEAVY).map(|_| all.begin(Weight::Heavy).unwrap()).collect();
        assert!(matches!(all.begin(Weight::Heavy), Err(Error::Busy)));
        held.extend((HEAVY..LIGHT).map(|_| all.begin(Weight::Light).unwrap()));
        assert!(matches!(all.begin(Weight::Light), Err(Error::Busy)));
        assert!(all.begin(Weight::Always).is_ok());
        assert_eq!(all.count(), LIGHT, "whoever was refused is not counted");
        held.clear();
        assert!(all.count() == 0 && all.begin(Weight::Heavy).is_ok());
    }
}
