//! One event as one line of JSON. The fields stand beside time, level and target, as programs that read logs expect them.
use std::{
    cell::RefCell,
    fmt::{self, Write as _},
};

use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    fmt::{FmtContext, FormatEvent, FormatFields, format::Writer},
    registry::LookupSpan,
};

use super::{category, process};

/// Writes events of the log's files.
#[derive(Debug)]
pub(super) struct Lines;

impl<S, N> FormatEvent<S, N> for Lines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, _: &FmtContext<'_, S, N>, mut line: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let meta = event.metadata();
        let now = jiff::Timestamp::now();
        write_time(&mut line, now)?;
        all(&mut line, [",\"level\":\"", meta.level().as_str(), "\",\"target\":\"", meta.target(), "\""])?;
        if meta.fields().field("category").is_none() {
            all(&mut line, [",\"category\":\"", category::of_target(meta.target()), "\""])?;
        }
        process().logged(*meta.level());
        let mut fields = Fields { line: &mut line, done: Ok(()) };
        event.record(&mut fields);
        fields.done?;
        line.write_str("}\n")
    }
}

thread_local! {
    /// The second last written by this thread, and how it is written.
    static SECOND: RefCell<(i64, String)> = const { RefCell::new((i64::MIN, String::new())) };
}

fn write_time(line: &mut Writer<'_>, now: jiff::Timestamp) -> fmt::Result {
    SECOND.with_borrow_mut(|(second, text)| {
        if *second != now.as_second() {
            *second = now.as_second();
            *text = now.strftime("%Y-%m-%dT%H:%M:%S").to_string();
        }
        // Above a million, so that no nought in front is lost; the one is left out.
        let mut digits = itoa::Buffer::new();
        let micros = digits.format(1_000_000 + now.subsec_nanosecond() / 1000);
        all(line, ["{\"timestamp\":\"", text, ".", micros.get(1..).unwrap_or_default(), "Z\""])
    })
}

/// Writes parts one after another: a line is written for every request, and formatting costs more than copying.
fn all<const N: usize>(line: &mut Writer<'_>, parts: [&str; N]) -> fmt::Result {
    parts.into_iter().try_for_each(|part| line.write_str(part))
}

/// Writes fields as they come.
struct Fields<'a, 'w> {
    line: &'a mut Writer<'w>,
    done: fmt::Result,
}

impl Fields<'_, '_> {
    fn put(&mut self, field: &Field, write: impl FnOnce(&mut Writer<'_>) -> fmt::Result) {
        if self.done.is_ok() {
            self.done = all(self.line, [",\"", field.name(), "\":"]).and_then(|()| write(self.line));
        }
    }
}

impl Visit for Fields<'_, '_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.put(field, |line| {
            line.write_char('"')?;
            write!(Escaped(line), "{value:?}")?;
            line.write_char('"')
        });
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, |line| {
            line.write_char('"')?;
            Escaped(line).write_str(value)?;
            line.write_char('"')
        });
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, |line| line.write_str(itoa::Buffer::new().format(value)));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, |line| line.write_str(itoa::Buffer::new().format(value)));
    }

    fn record_u128(&mut self, field: &Field, value: u128) {
        self.put(field, |line| write!(line, "{value}"));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        // JSON knows no infinities.
        self.put(
            field,
            |line| if value.is_finite() { write!(line, "{value}") } else { line.write_str("null") },
        );
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, |line| write!(line, "{value}"));
    }
}

/// Text inside a JSON string (RFC 8259, 7).
struct Escaped<'a, 'w>(&'a mut Writer<'w>);

impl fmt::Write for Escaped<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut rest = text;
        while let Some(at) = rest.find(|c: char| c < ' ' || c == '"' || c == '\\') {
            let (plain, from) = rest.split_at(at);
            self.0.write_str(plain)?;
            let mut chars = from.chars();
            match chars.next() {
                Some('"') => self.0.write_str("\\\"")?,
                Some('\\') => self.0.write_str("\\\\")?,
                Some('\n') => self.0.write_str("\\n")?,
                Some(other) => write!(self.0, "\\u{:04x}", u32::from(other))?,
                None => {}
            }
            rest = chars.as_str();
        }
        self.0.write_str(rest)
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{self, Write},
        sync::{Arc, Mutex},
    };

    use serde_json::Value;
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    #[derive(Clone, Default)]
    struct Paper(Arc<Mutex<Vec<u8>>>);

    impl Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn written(log: impl FnOnce()) -> Value {
        let paper = Paper::default();
        let to = paper.clone();
        let layer = tracing_subscriber::fmt::layer().event_format(Lines).with_writer(move || to.clone());
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), log);
        let bytes = paper.0.lock().unwrap().clone();
        assert_eq!(bytes.iter().filter(|b| **b == b'\n').count(), 1, "one line");
        serde_json::from_slice(&bytes).unwrap()
    }

    #[test]
    fn an_event_is_one_line_of_json_with_its_fields() {
        let line = written(
            || tracing::warn!(target: "taskmed::x", status = 200, micros = 7_u128, ok = true, "said"),
        );
        assert_eq!(
            (
                &line["level"],
                &line["target"],
                &line["status"],
                &line["micros"],
                &line["ok"],
                &line["message"]
            ),
            (&"WARN".into(), &"taskmed::x".into(), &200.into(), &7.into(), &true.into(), &"said".into())
        );
        assert_eq!(line["category"], "system");
        let time: jiff::Timestamp = line["timestamp"].as_str().unwrap().parse().unwrap();
        assert!((jiff::Timestamp::now().as_second() - time.as_second()).abs() < 5);
    }

    #[test]
    fn a_line_says_once_what_it_is_about() {
        let by_target = written(|| tracing::info!(target: "taskmed::db::trail::sealer", "sealed"));
        let by_itself =
            written(|| tracing::info!(target: "taskmed::request", category = "medical", "answered"));
        assert_eq!((&by_target["category"], &by_itself["category"]), (&"audit".into(), &"medical".into()));
    }

    #[test]
    fn nothing_in_a_field_ends_the_line_or_the_string() {
        let text = "a\"b\\c\nd\u{1}é\u{7f}";
        let line = written(|| tracing::info!(text, shown = %text, "x"));
        assert_eq!((line["text"].as_str(), line["shown"].as_str()), (Some(text), Some(text)));
    }
}
