//! Log messages: to a callback of the host, else to standard error as `PARQUETFRAME_RUST_LOG` asks.

use std::io::Write;
use std::sync::{Once, PoisonError, RwLock};

use log::{Level, LevelFilter, Log, Metadata, Record};

/// Receives messages, from any thread.
pub type Sink = Box<dyn Fn(Level, &str) + Send + Sync>;

struct Logger;

static SINK: RwLock<Option<Sink>> = RwLock::new(None);

impl Log for Logger {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= log::max_level()
    }

    fn log(&self, record: &Record<'_>) {
        // Dependencies log too; only our own messages are the host's business.
        let ours = ["pf_", "parquetframe"].iter().any(|prefix| record.target().starts_with(prefix));
        if !ours || !self.enabled(record.metadata()) {
            return;
        }
        match SINK.read().unwrap_or_else(PoisonError::into_inner).as_ref() {
            Some(sink) => sink(record.level(), &record.args().to_string()),
            // `eprintln!` would panic where standard error cannot be written.
            None => drop(writeln!(std::io::stderr(), "[parquetframe {}] {}", record.level(), record.args())),
        }
    }

    fn flush(&self) {}
}

/// Starts logging at the level of `PARQUETFRAME_RUST_LOG` (`error`, `warn`, `info`, `debug`, `trace`; else off).
/// Later calls do nothing.
pub fn init() {
    static INIT: Once = Once::new();
    INIT.call_once(|| {
        // Where the process has a logger already (tests, another user of this crate), that one stays.
        if log::set_logger(&Logger).is_ok() {
            log::set_max_level(level_of_environment());
        }
    });
}

/// Sends messages up to `level` to `sink`, or with `None` back to standard error as the environment asks.
///
/// When it returns, the former sink is not running and will not be called again.
pub fn set_sink(sink: Option<Sink>, level: LevelFilter) {
    init();
    log::set_max_level(if sink.is_some() { level } else { level_of_environment() });
    *SINK.write().unwrap_or_else(PoisonError::into_inner) = sink;
}

fn level_of_environment() -> LevelFilter {
    std::env::var("PARQUETFRAME_RUST_LOG").ok().and_then(|text| text.trim().parse().ok()).unwrap_or(LevelFilter::Off)
}
