//! Who may hold a connection: caps in all and per address, and a waiting room in which the oldest stranger makes
//! room for the newest, so that a flood of half-open connections cannot lock out a browser that speaks at once.
use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::limits::Limits;

/// All connections of an edge.
#[derive(Debug)]
pub(super) struct Slots {
    most: usize,
    per_address: usize,
    waiting: usize,
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    next: u64,
    settled: usize,
    addresses: HashMap<IpAddr, usize>,
    waiting: BTreeMap<u64, Arc<Notify>>,
}

impl Slots {
    pub(super) fn new(limits: &Limits) -> Arc<Self> {
        let Limits { connections: most, per_address, waiting, .. } = *limits;
        Arc::new(Self { most, per_address, waiting, held: Mutex::default() })
    }

    /// A place for a new connection, or none where the house or the address is full.
    pub(super) fn admit(self: &Arc<Self>, address: IpAddr) -> Option<Slot> {
        let address = neighbourhood(address);
        let mut held = self.held();
        let of_address = held.addresses.get(&address).copied().unwrap_or_default();
        if held.settled >= self.most || (of_address >= self.per_address && !address.is_loopback()) {
            return None;
        }
        if held.waiting.len() >= self.waiting
            && let Some((_, oldest)) = held.waiting.pop_first()
        {
            oldest.notify_one();
        }
        let (number, evicted) = (held.next, Arc::new(Notify::new()));
        held.next += 1;
        *held.addresses.entry(address).or_default() += 1;
        held.waiting.insert(number, evicted.clone());
        Some(Slot { slots: self.clone(), number, address, evicted, settled: Mutex::new(false) })
    }

    /// Held by settled connections and by waiting ones.
    #[cfg(test)]
    pub(super) fn counts(&self) -> (usize, usize) {
        let held = self.held();
        (held.settled, held.waiting.len())
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One connection's place; given back when dropped.
#[derive(Debug)]
pub(super) struct Slot {
    slots: Arc<Slots>,
    number: u64,
    address: IpAddr,
    evicted: Arc<Notify>,
    settled: Mutex<bool>,
}

impl Slot {
    /// The first request has come in: out of the waiting room.
    pub(super) fn settle(&self) {
        let mut settled = self.settled.lock().unwrap_or_else(PoisonError::into_inner);
        if !*settled {
            *settled = true;
            let mut held = self.slots.held();
            held.waiting.remove(&self.number);
            held.settled += 1;
        }
    }

    /// Resolves when a newer connection took this waiting one's place.
    pub(super) async fn evicted(&self) {
        self.evicted.notified().await;
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let settled = *self.settled.lock().unwrap_or_else(PoisonError::into_inner);
        let mut held = self.slots.held();
        if settled {
            held.settled = held.settled.saturating_sub(1);
        } else {
            held.waiting.remove(&self.number);
        }
        if let Some(count) = held.addresses.get_mut(&self.address) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                held.addresses.remove(&self.address);
            }
        }
    }
}

/// One household counts once: a /64 in IPv6, a mapped IPv4 address as itself.
fn neighbourhood(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) if !v6.is_loopback() => {
            Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX)).into()
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slots(connections: usize, per_address: usize, waiting: usize) -> Arc<Slots> {
        Slots::new(&Limits { connections, per_address, waiting, ..Limits::default() })
    }

    const NEIGHBOUR: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 168, 0, 7));

    #[test]
    fn an_address_holds_no_more_than_its_share() {
        let slots = slots(10, 2, 10);
        let held = [slots.admit(NEIGHBOUR), slots.admit(NEIGHBOUR)];
        assert!(held.iter().all(Option::is_some));
        assert!(slots.admit(NEIGHBOUR).is_none());
        assert!(slots.admit(IpAddr::from([192, 168, 0, 8])).is_some());
        drop(held);
        assert!(slots.admit(NEIGHBOUR).is_some());
        assert_eq!(slots.counts(), (0, 0));
    }

    #[test]
    fn ipv6_neighbours_of_one_net_share_a_count() {
        let slots = slots(10, 1, 10);
        let _one = slots.admit("fd00::1".parse().unwrap());
        assert!(slots.admit("fd00::2".parse().unwrap()).is_none());
        assert!(slots.admit("fd01::2".parse().unwrap()).is_some());
    }

    #[tokio::test]
    async fn the_oldest_waiting_connection_makes_room() {
        let slots = slots(10, 10, 2);
        let oldest = slots.admit(NEIGHBOUR).unwrap();
        let settled = slots.admit(NEIGHBOUR).unwrap();
        settled.settle();
        settled.settle();
        let _third = slots.admit(NEIGHBOUR).unwrap();
        let _fourth = slots.admit(NEIGHBOUR).unwrap();
        oldest.evicted().await;
        assert_eq!(slots.counts(), (1, 2));
    }

    #[test]
    fn a_full_house_admits_nobody() {
        let slots = slots(1, 10, 10);
        let one = slots.admit(NEIGHBOUR).unwrap();
        one.settle();
        assert!(slots.admit(NEIGHBOUR).is_none());
        drop(one);
        assert!(slots.admit(NEIGHBOUR).is_some());
    }
}
