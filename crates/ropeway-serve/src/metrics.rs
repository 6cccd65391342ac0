//! Counters of the server, in the text format that Prometheus reads.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The media type of the format, with its version.
pub(crate) const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";
/// Upper bounds of the latency buckets, in microseconds.
const BOUNDS: [u64; 10] = [100, 250, 500, 1_000, 2_500, 5_000, 10_000, 50_000, 250_000, 1_000_000];

/// The requests of one route.
#[derive(Default)]
pub(crate) struct Route {
    ok: AtomicU64,
    refused: AtomicU64,
    failed: AtomicU64,
    buckets: [AtomicU64; BOUNDS.len() + 1],
    micros: AtomicU64,
}

impl Route {
    /// Counts a request that ended with `status` after `took`.
    pub fn count(&self, status: u16, took: Duration) {
        let outcome = match status {
            0..400 => &self.ok,
            400..500 => &self.refused,
            _ => &self.failed,
        };
        outcome.fetch_add(1, Ordering::Relaxed);
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.buckets[BOUNDS.partition_point(|bound| *bound < micros)].fetch_add(1, Ordering::Relaxed);
        self.micros.fetch_add(micros, Ordering::Relaxed);
    }

    fn write_outcomes(&self, out: &mut String, name: &str) {
        for (outcome, count) in [("ok", &self.ok), ("refused", &self.refused), ("failed", &self.failed)] {
            let count = count.load(Ordering::Relaxed);
            let _ = writeln!(out, "ropeway_requests_total{{route=\"{name}\",outcome=\"{outcome}\"}} {count}");
        }
    }

    fn write_seconds(&self, out: &mut String, name: &str) {
        let mut sum = 0;
        for (i, bucket) in self.buckets.iter().enumerate() {
            sum += bucket.load(Ordering::Relaxed);
            let bound = BOUNDS.get(i).map_or_else(|| "+Inf".to_string(), |bound| (*bound as f64 / 1e6).to_string());
            let _ = writeln!(out, "ropeway_request_seconds_bucket{{route=\"{name}\",le=\"{bound}\"}} {sum}");
        }
        let seconds = self.micros.load(Ordering::Relaxed) as f64 / 1e6;
        let _ = writeln!(out, "ropeway_request_seconds_sum{{route=\"{name}\"}} {seconds}");
        let _ = writeln!(out, "ropeway_request_seconds_count{{route=\"{name}\"}} {sum}");
    }
}

/// All counters.
#[derive(Default)]
pub(crate) struct Metrics {
    pub predict: Route,
    pub rows: Route,
    pub predictions: AtomicU64,
    pub acknowledged: AtomicU64,
    pub repeated: AtomicU64,
}

impl Metrics {
    /// The text for a scrape; `facts` are the rows in state by model and table. The samples of a family stand together,
    /// under what they are.
    pub fn text(&self, facts: &[(String, String, u64)]) -> String {
        let mut out = String::new();
        let routes = [("predict", &self.predict), ("rows", &self.rows)];
        head(&mut out, "requests_total", "counter", "Requests by route and by how they ended.");
        routes.iter().for_each(|(name, route)| route.write_outcomes(&mut out, name));
        head(&mut out, "request_seconds", "histogram", "How long requests took, their bodies included.");
        routes.iter().for_each(|(name, route)| route.write_seconds(&mut out, name));
        for (name, counter, help) in [
            ("predictions_total", &self.predictions, "Examples that were scored."),
            ("rows_acknowledged_total", &self.acknowledged, "Rows that were acknowledged, repeated ones too."),
            ("rows_repeated_total", &self.repeated, "Acknowledged rows that were known already."),
        ] {
            head(&mut out, name, "counter", help);
            let _ = writeln!(out, "ropeway_{name} {}", counter.load(Ordering::Relaxed));
        }
        head(&mut out, "state_rows", "gauge", "Rows in state by model and table.");
        for (model, table, rows) in facts {
            let (model, table) = (label(model), label(table));
            let _ = writeln!(out, "ropeway_state_rows{{model=\"{model}\",table=\"{table}\"}} {rows}");
        }
        out
    }
}

/// What a family is.
fn head(out: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(out, "# HELP ropeway_{name} {help}\n# TYPE ropeway_{name} {kind}");
}

/// The value of a label as the format wants it between quotes.
fn label(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_cumulative_and_outcomes_apart() {
        let metrics = Metrics::default();
        metrics.predict.count(200, Duration::from_micros(90));
        metrics.predict.count(422, Duration::from_micros(300));
        metrics.predict.count(500, Duration::from_secs(9));
        let text = metrics.text(&[("m".into(), "t".into(), 7), ("a\"b\\c\nd".into(), "t".into(), 8)]);
        for line in [
            "ropeway_requests_total{route=\"predict\",outcome=\"refused\"} 1",
            "ropeway_request_seconds_bucket{route=\"predict\",le=\"0.0001\"} 1",
            "ropeway_request_seconds_bucket{route=\"predict\",le=\"0.0005\"} 2",
            "ropeway_request_seconds_bucket{route=\"predict\",le=\"+Inf\"} 3",
            "ropeway_state_rows{model=\"m\",table=\"t\"} 7",
            r#"ropeway_state_rows{model="a\"b\\c\nd",table="t"} 8"#,
        ] {
            assert!(text.lines().any(|found| found == line), "{line} in\n{text}");
        }
    }
}
