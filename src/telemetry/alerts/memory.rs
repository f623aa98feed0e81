//! The board on disk: a small file, replaced as a whole, so that what was acknowledged or silenced stays so over a restart.
use std::{fs, io, path::Path};

use super::Board;

impl Board {
    /// The board as it was left; a new one where there is none or it cannot be read.
    pub fn load(path: &Path) -> Self {
        fs::read(path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
    }

    /// Keeps it.
    pub fn save(&self, path: &Path) -> io::Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let fresh = path.with_extension("new");
        fs::write(&fresh, serde_json::to_vec(self).map_err(io::Error::other)?)?;
        fs::rename(fresh, path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::alerts::{Figure, RuleName, State};

    #[test]
    fn a_board_is_after_a_restart_what_it_was_before() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("measures/alerts.json");
        assert_eq!(Board::load(&path), Board::default());
        let mut board = Board::default();
        let full = Figure { rule: RuleName::Disk, clinic_id: None, value: Some(1000.0) };
        board.evaluate(&[full], 0);
        assert_eq!(board.evaluate(&[full], 60).len(), 1);
        board.silence(RuleName::Disk, 1, 500);
        board.save(&path).unwrap();
        let mut again = Board::load(&path);
        assert_eq!(again, board);
        assert_eq!(
            again.seen_by(1).iter().find(|a| a.rule == RuleName::Disk).map(|a| a.state(70)),
            Some(State::Silenced)
        );
        assert!(again.evaluate(&[full], 120).is_empty(), "it does not begin anew");
        fs::write(&path, b"{ half a boa").unwrap();
        assert_eq!(Board::load(&path), Board::default());
    }
}
