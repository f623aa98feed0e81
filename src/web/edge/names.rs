//! The names by which this machine may be called: one list for the certificate and for the Host check.
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, ToSocketAddrs, UdpSocket};

/// What people type to reach TaskMed on every machine, whatever its own name.
const PRODUCT: &str = "taskmed.local";

/// Names and addresses of this machine. Compared to notice that they changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    host: Option<String>,
    addresses: BTreeSet<IpAddr>,
    extra: BTreeSet<String>,
}

impl Names {
    /// Only `localhost`, the loopback addresses and `taskmed.local`.
    pub fn loopback() -> Self {
        Self::default()
    }

    /// What this machine is called now; its private addresses only when the local network may come in.
    pub fn of_this_machine(lan: bool) -> Self {
        let host = host_name();
        let addresses = if lan { private_addresses(host.as_deref()) } else { BTreeSet::new() };
        Self { host, addresses, extra: BTreeSet::new() }
    }

    /// One more host name to answer to, as that of a proxy in front.
    #[must_use]
    pub fn with_name(mut self, name: &str) -> Self {
        self.extra.insert(name.to_ascii_lowercase());
        self
    }

    /// One more address to answer to.
    #[must_use]
    pub fn with_address(mut self, address: IpAddr) -> Self {
        self.addresses.insert(address);
        self
    }

    /// The machine's own short name, where it has one.
    pub fn host(&self) -> Option<&str> {
        self.host.as_deref()
    }

    /// All DNS names, `localhost` first.
    pub fn dns(&self) -> Vec<String> {
        let mut all = vec!["localhost".to_owned(), PRODUCT.to_owned()];
        if let Some(host) = &self.host {
            all.extend([host.clone(), format!("{host}.local")]);
        }
        all.extend(self.extra.iter().cloned());
        all
    }

    /// All addresses, loopback first.
    pub fn addresses(&self) -> Vec<IpAddr> {
        let loopback = [IpAddr::from(Ipv4Addr::LOCALHOST), IpAddr::from(Ipv6Addr::LOCALHOST)];
        loopback.into_iter().chain(self.addresses.iter().copied()).collect()
    }

    /// Whether a request for `host` (no port, no brackets) is meant for this machine. `local` is the address the
    /// client really connected to: a literal of it cannot be a rebound name.
    pub fn admits(&self, host: &str, local: IpAddr) -> bool {
        match host.parse::<IpAddr>() {
            Ok(address) => is_private(address) && (address == local || self.addresses().contains(&address)),
            Err(_) => self.is_called(host),
        }
    }

    /// Asked for every request, so without making [`Names::dns`].
    fn is_called(&self, host: &str) -> bool {
        let same = |name: &str| host.eq_ignore_ascii_case(name);
        let own = |own: &String| same(own) || host.to_ascii_lowercase().strip_suffix(".local") == Some(own);
        same("localhost")
            || same(PRODUCT)
            || self.host.as_ref().is_some_and(own)
            || self.extra.iter().any(|n| same(n))
    }
}

/// Whether an address is this machine's or its local network's, never the Internet's.
pub fn is_private(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}

/// The short host name in lower case, or none where it is unusable in a certificate.
fn host_name() -> Option<String> {
    let full = gethostname::gethostname().into_string().ok()?.to_ascii_lowercase();
    let short = full.split('.').next().unwrap_or_default();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let usable = !short.is_empty() && short.len() <= 63 && short.chars().all(plain) && short != "localhost";
    usable.then(|| short.to_owned())
}

/// The machine's private addresses, as far as the system tells without special rights. No packet is sent.
fn private_addresses(host: Option<&str>) -> BTreeSet<IpAddr> {
    let mut found: BTreeSet<IpAddr> = routed_addresses().collect();
    // Windows and macOS know all their addresses by their own name; Linux may ask the network for it, and wait.
    let own = host.filter(|_| !cfg!(target_os = "linux"));
    let own = own.map(|host| if cfg!(windows) { host.to_owned() } else { format!("{host}.local") });
    found.extend(own.into_iter().flat_map(|own| (own, 0_u16).to_socket_addrs()).flatten().map(|a| a.ip()));
    // Linux lists its own addresses here; elsewhere the file does not exist.
    let table = std::fs::read_to_string("/proc/net/fib_trie").unwrap_or_default();
    found.extend(local_entries(&table));
    found.retain(|a| is_private(*a) && !a.is_loopback() && !is_link_local(*a));
    found
}

/// Link-local IPv6 needs a zone that no browser sends in a Host header.
fn is_link_local(address: IpAddr) -> bool {
    matches!(address, IpAddr::V6(v6) if v6.is_unicast_link_local())
}

/// The addresses from which this machine would speak to each kind of private network.
fn routed_addresses() -> impl Iterator<Item = IpAddr> {
    let probes = [("0.0.0.0:0", "10.255.255.255:9"), ("0.0.0.0:0", "172.31.255.255:9")];
    let more = [("0.0.0.0:0", "192.168.255.255:9"), ("[::]:0", "[fd00::1]:9")];
    probes.into_iter().chain(more).filter_map(|(from, to)| {
        let socket = UdpSocket::bind(from).ok()?;
        socket.connect(to).ok()?;
        Some(socket.local_addr().ok()?.ip())
    })
}

/// The `/32 host LOCAL` lines of Linux's routing trie, each under the line that holds its address.
fn local_entries(table: &str) -> Vec<IpAddr> {
    let mut last: Option<IpAddr> = None;
    let mut found = Vec::new();
    for line in table.lines() {
        if let Some((_, address)) = line.split_once("|-- ") {
            last = address.trim().parse().ok();
        } else if line.contains("/32 host LOCAL") {
            found.extend(last);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    #[test]
    fn own_names_are_admitted_and_others_are_not() {
        let names = Names { host: Some("recepcao".into()), ..Names::default() };
        for good in
            ["localhost", "LOCALHOST", "127.0.0.1", "::1", "taskmed.local", "recepcao", "recepcao.local"]
        {
            assert!(names.admits(good, HERE), "{good}");
        }
        for bad in
            ["evil.example", "recepcao.evil.example", "192.168.0.9", "8.8.8.8", "", "localhost.", "127.0.0.2"]
        {
            assert!(!names.admits(bad, HERE), "{bad}");
        }
    }

    #[test]
    fn the_private_address_that_was_dialled_is_admitted() {
        let local = IpAddr::from([192, 168, 0, 9]);
        assert!(Names::loopback().admits("192.168.0.9", local));
        assert!(!Names::loopback().admits("192.168.0.10", local));
        let public = IpAddr::from([8, 8, 8, 8]);
        assert!(!Names::loopback().admits("8.8.8.8", public));
    }

    #[test]
    fn the_routing_table_of_linux_is_understood() {
        let table = "        |-- 192.168.0.0\n           /24 link UNICAST\n        |-- 192.168.0.9\n           /32 host LOCAL\n";
        assert_eq!(local_entries(table), [IpAddr::from([192, 168, 0, 9])]);
    }

    #[test]
    fn this_machine_has_names_and_only_private_addresses() {
        let names = Names::of_this_machine(true);
        assert!(names.dns().contains(&"localhost".to_owned()));
        assert!(names.addresses().iter().all(|a| is_private(*a)));
    }
}
