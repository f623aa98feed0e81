//! One event as one line of JSON. The fields stand beside time, level and target, as programs that read logs expect them.
use std::{
    cell::{Cell, RefCell},
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

thread_local! {
    /// What this thread's lines are put together in: a line is written for every request.
    static LINE: Cell<String> = const { Cell::new(String::new()) };
    /// The second last written by this thread, and how it is written.
    static SECOND: RefCell<(i64, String)> = const { RefCell::new((i64::MIN, String::new())) };
}

impl<S, N> FormatEvent<S, N> for Lines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, _: &FmtContext<'_, S, N>, mut to: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        // Taken, not borrowed: a value that is shown may log something itself.
        let mut line = LINE.take();
        line.clear();
        put_together(&mut line, event);
        let written = to.write_str(&line);
        LINE.set(line);
        written
    }
}

fn put_together(line: &mut String, event: &Event<'_>) {
    let meta = event.metadata();
    put_time(line, jiff::Timestamp::now());
    put(line, [",\"level\":\"", meta.level().as_str(), "\",\"target\":\"", meta.target(), "\""]);
    if meta.fields().field("category").is_none() {
        put(line, [",\"category\":\"", category::of_target(meta.target()), "\""]);
    }
    process().logged(*meta.level());
    event.record(&mut Fields(line));
    line.push_str("}\n");
}

fn put_time(line: &mut String, now: jiff::Timestamp) {
    SECOND.with_borrow_mut(|(second, text)| {
        if *second != now.as_second() {
            *second = now.as_second();
            *text = now.strftime("%Y-%m-%dT%H:%M:%S").to_string();
        }
        // Above a million, so that no nought in front is lost; the one is left out.
        let mut digits = itoa::Buffer::new();
        let micros = digits.format(1_000_000 + now.subsec_nanosecond() / 1000);
        put(line, ["{\"timestamp\":\"", text, ".", micros.get(1..).unwrap_or_default(), "Z\""]);
    });
}

/// Writes parts one after another: formatting costs more than copying.
fn put<const N: usize>(line: &mut String, parts: [&str; N]) {
    parts.into_iter().for_each(|part| line.push_str(part));
}

/// Writes fields as they come.
struct Fields<'a>(&'a mut String);

impl Fields<'_> {
    fn value(&mut self, field: &Field, value: &str) {
        put(self.0, [",\"", field.name(), "\":", value]);
    }

    fn text(&mut self, field: &Field, write: impl FnOnce(&mut Escaped<'_>) -> fmt::Result) {
        put(self.0, [",\"", field.name(), "\":\""]);
        // Nothing is lost but what a value cannot say of itself.
        let _ = write(&mut Escaped(self.0));
        self.0.push('"');
    }
}

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.text(field, |text| write!(text, "{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.text(field, |text| text.write_str(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.value(field, itoa::Buffer::new().format(value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.value(field, itoa::Buffer::new().format(value));
    }

    fn record_u128(&mut self, field: &Field, value: u128) {
        self.value(field, itoa::Buffer::new().format(value));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        // JSON knows no infinities.
        self.value(field, &if value.is_finite() { value.to_string() } else { "null".to_owned() });
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.value(field, if value { "true" } else { "false" });
    }
}

/// Text inside a JSON string (RFC 8259, 7).
struct Escaped<'a>(&'a mut String);

impl fmt::Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut rest = text;
        // What has to be escaped is a byte of its own in UTF-8.
        while let Some(at) = rest.bytes().position(|b| b < b' ' || b == b'"' || b == b'\\') {
            let (plain, from) = rest.split_at(at);
            self.0.push_str(plain);
            let mut chars = from.chars();
            match chars.next() {
                Some('"') => self.0.push_str("\\\""),
                Some('\\') => self.0.push_str("\\\\"),
                Some('\n') => self.0.push_str("\\n"),
                Some(other) => write!(self.0, "\\u{:04x}", u32::from(other))?,
                None => {}
            }
            rest = chars.as_str();
        }
        self.0.push_str(rest);
        Ok(())
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

    /// Shows itself, and says so in the log.
    struct Talkative;

    impl fmt::Debug for Talkative {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            put_together_elsewhere();
            f.write_str("shown")
        }
    }

    fn put_together_elsewhere() {
        let mut line = LINE.take();
        line.push_str("another line");
        LINE.set(line);
    }

    #[test]
    fn a_line_that_begins_within_another_does_not_end_up_in_it() {
        let line = written(|| tracing::info!(value = ?Talkative, bytes = u64::MAX, "x"));
        assert_eq!((&line["value"], &line["bytes"]), (&"shown".into(), &u64::MAX.into()));
        let next = written(|| tracing::info!(share = 0.5, none = f64::NAN, ok = false, "y"));
        assert_eq!((&next["share"], &next["none"], &next["ok"]), (&0.5.into(), &Value::Null, &false.into()));
    }

    #[test]
    fn nothing_in_a_field_ends_the_line_or_the_string() {
        let text = "a\"b\\c\nd\u{1}é\u{7f}";
        let line = written(|| tracing::info!(text, shown = %text, "x"));
        assert_eq!((line["text"].as_str(), line["shown"].as_str()), (Some(text), Some(text)));
    }
}
