//! How many files and connections the process may have open. Systems give a process few at first and more when it asks: macOS
//! 256, most Linux 1,024, of hundreds of thousands.
use crate::web::edge::Limits;

/// Kept for what is no connection: clinic files with their readers, logs, the listeners, the runtime.
const RESERVED: u64 = 256;
/// What macOS grants at most where it calls the limit infinite (`OPEN_MAX`).
#[cfg(unix)]
const USUAL_MOST: u64 = 10_240;

/// Raises the limit as far as it goes; answers what it is then. None where there is no such limit, as on Windows.
pub fn raise() -> Option<u64> {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
        for wished in [maximum, Some(maximum.map_or(USUAL_MOST, |most| most.min(USUAL_MOST)))] {
            let more = current.is_some_and(|now| wished.is_none_or(|wished| wished > now));
            if more && setrlimit(Resource::Nofile, Rlimit { current: wished, maximum }).is_ok() {
                break;
            }
        }
        getrlimit(Resource::Nofile).current
    }
    #[cfg(not(unix))]
    None
}

/// The usual limits, with no more connections than there are descriptors for: a quarter of them at least, because a browser
/// opens several connections at once and the process itself needs about thirty with one clinic.
pub fn limits_for(descriptors: Option<u64>) -> Limits {
    let usual = Limits::default();
    let room = descriptors.map_or(u64::MAX, |all| all.saturating_sub(RESERVED).max(all / 4));
    let room = usize::try_from(room).unwrap_or(usize::MAX);
    let waiting = usual.waiting.min(room / 4).max(1);
    let connections = usual.connections.min(room.saturating_sub(waiting)).max(1);
    Limits { waiting, connections, ..usual }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_fit_into_the_descriptors() {
        let usual = Limits::default();
        for (all, waiting, connections) in [(1024, 192, 576), (400, 36, 108), (100, 6, 19), (64, 4, 12)] {
            let limits = limits_for(Some(all));
            assert_eq!((limits.waiting, limits.connections), (waiting, connections), "{all}");
        }
        for plenty in [Some(1 << 20), None] {
            let limits = limits_for(plenty);
            assert_eq!((limits.waiting, limits.connections), (usual.waiting, usual.connections));
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_limit_is_raised_as_far_as_it_goes() {
        let raised = raise();
        let most = rustix::process::getrlimit(rustix::process::Resource::Nofile).maximum;
        assert!(raised == most || raised.is_some_and(|now| now >= USUAL_MOST), "{raised:?} of {most:?}");
    }
}
