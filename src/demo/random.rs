//! Chance that repeats itself: every subject (a person, a day, a professional) has dice of its own, so that what is
//! thrown for one never moves another.
use fastrand::Rng;

/// What the dice are for; two streams of one index never meet.
#[derive(Debug, Clone, Copy)]
pub(super) enum Stream {
    Traits = 1,
    Details,
    Team,
    Blocks,
    Days,
}

/// Dice for subject number `index` of a stream.
pub(super) fn dice(seed: u64, stream: Stream, index: u64) -> Rng {
    // SplitMix64's finalizer: neighbours in, strangers out.
    let mut z = seed ^ (stream as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ index.rotate_left(24);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    Rng::with_seed(z ^ (z >> 31))
}

/// True in so many of a hundred throws.
pub(super) fn chance(rng: &mut Rng, percent: u32) -> bool {
    rng.u32(0..100) < percent
}

/// One of the list, each as likely; of an empty list the default.
pub(super) fn pick<T: Copy + Default>(rng: &mut Rng, list: &[T]) -> T {
    at(list, rng.f64())
}

/// One of the list, the front far likelier than the end, as with surnames.
pub(super) fn pick_early<T: Copy + Default>(rng: &mut Rng, list: &[T]) -> T {
    let throw = rng.f64();
    at(list, throw * throw)
}

/// One of the weighted list.
pub(super) fn pick_weighted<T: Copy + Default>(rng: &mut Rng, list: &[(u32, T)]) -> T {
    let total: u32 = list.iter().map(|(weight, _)| weight).sum();
    let mut throw = rng.u32(0..total.max(1));
    for (weight, value) in list {
        match throw.checked_sub(*weight) {
            Some(rest) => throw = rest,
            None => return *value,
        }
    }
    T::default()
}

/// A whole number from the inclusive range, for ranges that may be empty: then its start.
pub(super) fn between(rng: &mut Rng, from: i32, to: i32) -> i32 {
    if from >= to { from } else { rng.i32(from..=to) }
}

fn at<T: Copy + Default>(list: &[T], share: f64) -> T {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0 to the length of a short list"
    )]
    let place = (share * list.len() as f64) as usize;
    list.get(place).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dice_repeat_and_streams_differ() {
        let throw = |seed, stream, index| dice(seed, stream, index).u64(..);
        assert_eq!(throw(1, Stream::Days, 7), throw(1, Stream::Days, 7));
        let others = [throw(2, Stream::Days, 7), throw(1, Stream::Team, 7), throw(1, Stream::Days, 8)];
        assert!(others.iter().all(|other| *other != throw(1, Stream::Days, 7)));
    }

    #[test]
    fn weights_are_respected() {
        let mut rng = dice(1, Stream::Details, 0);
        let heavy = (0..1000).filter(|_| pick_weighted(&mut rng, &[(9, 'a'), (1, 'b')]) == 'a').count();
        assert!((850..950).contains(&heavy), "{heavy}");
        assert_eq!(pick_weighted::<u8>(&mut rng, &[]), 0);
        assert_eq!(pick::<&str>(&mut rng, &[]), "");
    }

    #[test]
    fn the_front_of_a_list_comes_more_often() {
        let mut rng = dice(1, Stream::Details, 0);
        let front = (0..1000).filter(|_| pick_early(&mut rng, &[1, 2, 3, 4]) == 1).count();
        assert!(front > 400, "{front}");
    }
}
